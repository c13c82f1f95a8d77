/**
 * @module
 * Tables and page heads in Markdown.
 */

/** Stands below the purpose of every generated page. */
export const GENERATED = "Made from the source by `npm run docs`; change the source, not this page.";

const cell = (text: string): string => text.replaceAll("\n", " ").replaceAll("|", "\\|");

/** A table; cells may hold anything, also `|`. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");

/** A page: title, purpose, the note that it is generated, its parts. */
export const page = (title: string, purpose: string, ...parts: string[]): string =>
  `${[`# ${title}`, purpose, GENERATED, ...parts].join("\n\n")}\n`;

/** Source as code. */
export const code = (text: unknown): string => `\`${String(text)}\``;
