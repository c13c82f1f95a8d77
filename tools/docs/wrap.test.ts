import { expect, test } from "vitest";
import { WIDTH, wrapMarkdown } from "./wrap.ts";

const words = (n: number) => Array.from({ length: n }, (_, i) => `word${i}`).join(" ");

test("paragraphs and list items are filled to the width, with a hanging indent", () => {
  const page = wrapMarkdown(
    `# Title\n\n${words(40).replaceAll(" word9", "\nword9")}\n\n- ${words(30)}\n  more\n- two\n`,
  );
  const lines = page.split("\n");
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(WIDTH);
  expect(lines[0]).toBe("# Title");
  expect(lines.filter((line) => line.startsWith("- "))).toHaveLength(2);
  expect(lines.findLast((line) => line.includes("more"))).toMatch(/^ {2}word\d/);
  expect(wrapMarkdown(page)).toBe(page);
});

test("code, tables, headings and HTML stay; a line never begins a list or ends in inline code", () => {
  const kept = "# A heading\n\n```sh\nnpx   glam\n\n- x\n```\n\n| a | b |\n| --- | --- |\n\n<p>x</p>\n";
  expect(wrapMarkdown(kept)).toBe(kept);
  const text = `${"x".repeat(WIDTH - 5)} aaaaa - bbb\n`;
  expect(wrapMarkdown(text).split("\n")[1]).toBe("aaaaa - bbb");
  expect(wrapMarkdown(`${"x".repeat(WIDTH - 8)} \`glam segment a\` b\n`).split("\n")[1]).toBe("`glam segment a` b");
});
