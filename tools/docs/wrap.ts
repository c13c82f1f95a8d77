/**
 * @module
 * Prose of a Markdown page, filled to one width. Code, tables, headings and HTML stay as they are.
 */

/** Columns of a line of prose. */
export const WIDTH = 120;

/** A line that is never joined with another one. */
const ALONE = /^\s*(?:#|\||<|$)/;

/** A list item: indent, marker with its space. */
const ITEM = /^(\s*)((?:[-*+]|\d+\.) )/;

/** A word that would begin something else at the start of a line. */
const STARTS_SOMETHING = /^(?:[-+*]|\d+[.)]|#+|[>|<].*)$/;

/**
 * @param text a page in Markdown; lists and paragraphs, without hard line breaks
 * @returns the same page; wrapping it again changes nothing
 */
export function wrapMarkdown(text: string): string {
  const lines: string[] = [];
  let fenced = false;
  let open: { first: string; rest: string; words: string[] } | undefined;
  const close = () => {
    if (open) lines.push(...fill(open.words, open.first, open.rest));
    open = undefined;
  };
  for (const line of text.trimEnd().split("\n")) {
    const fence = line.startsWith("```");
    const item = ITEM.exec(line);
    if (fenced || fence || ALONE.test(line)) {
      close();
      lines.push(fenced ? line : line.trimEnd());
    } else if (item) {
      close();
      const [marker, indent, bullet] = item;
      open = { first: marker, rest: indent + " ".repeat(bullet.length), words: wordsOf(line.slice(marker.length)) };
    } else {
      open ??= { first: "", rest: "", words: [] };
      open.words.push(...wordsOf(line));
    }
    if (fence) fenced = !fenced;
  }
  close();
  return `${lines.join("\n")}\n`;
}

const wordsOf = (line: string): string[] => line.split(/\s+/).filter((word) => word !== "");

/** Words that a line must not end between: those of inline code, and what would begin a list. */
function unbreakable(words: readonly string[]): string[] {
  const tokens: string[] = [];
  let within = false;
  for (const word of words) {
    const joined = (within || STARTS_SOMETHING.test(word)) && tokens.length > 0;
    if (joined) tokens.push(`${tokens.pop()} ${word}`);
    else tokens.push(word);
    if ((word.match(/`/g)?.length ?? 0) % 2 === 1) within = !within;
  }
  return tokens;
}

function fill(words: readonly string[], first: string, rest: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const token of unbreakable(words)) {
    const indent = lines.length === 0 ? first : rest;
    if (line !== "" && indent.length + line.length + 1 + token.length > WIDTH) {
      lines.push(indent + line);
      line = token;
    } else line = line === "" ? token : `${line} ${token}`;
  }
  return [...lines, (lines.length === 0 ? first : rest) + line];
}
