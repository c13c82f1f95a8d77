/**
 * @module
 * CSV files (RFC 4180): a header, then rows; cells in double quotes may hold commas, line ends and doubled quotes.
 */

/** `line` is where the row starts, 1 for the header; `cells` by column, empty where the row is too short. */
export type CsvRow = { line: number; fields: number; cells: ReadonlyMap<string, string> };

/** Empty lines are skipped; cells are trimmed. */
export function parseCsv(text: string): { columns: string[]; rows: CsvRow[] } {
  const [header, ...rest] = records(text.replace(/^\uFEFF/, ""));
  const columns = header?.cells ?? [];
  const rows = rest.map(({ line, cells }) => ({
    line,
    fields: cells.length,
    cells: new Map(columns.map((name, i) => [name, cells[i] ?? ""])),
  }));
  return { columns, rows };
}

function records(text: string): { line: number; cells: string[] }[] {
  const found: { line: number; cells: string[] }[] = [];
  let cells: string[] = [];
  let [line, start] = [1, 1];
  // A quoted cell with what follows it up to a comma or line end, or a bare one.
  const cell = /(?:"((?:[^"]|"")*)"[^,\r\n]*|([^,\r\n]*))(,|\r\n|\n|\r|$)/gy;
  for (let match = cell.exec(text); match !== null; match = cell.exec(text)) {
    const [whole, quoted, bare, end] = match;
    cells.push((quoted === undefined ? bare : quoted.replaceAll('""', '"')).trim());
    line += whole.split(/\r\n|\n|\r/).length - 1;
    if (end === ",") continue;
    if (cells.length > 1 || cells[0] !== "") found.push({ line: start, cells });
    cells = [];
    start = line;
    if (end === "" && cell.lastIndex >= text.length) break;
  }
  return found;
}

/** One row, quoted where it must be, with its line end. */
export const csvRow = (cells: readonly (string | number)[]): string => `${cells.map(quoted).join(",")}\n`;

const quoted = (cell: string | number): string =>
  /[",\r\n]/.test(String(cell)) ? `"${String(cell).replaceAll('"', '""')}"` : String(cell);
