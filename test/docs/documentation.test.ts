import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { transform } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { noBrowser } from "../support/browser.ts";
import { hasTorch } from "../support/python.ts";
import { type Block, blocksOf, commandsOf, pages, root } from "./blocks.ts";
import { commandProblems } from "./check-command.ts";
import { plan, type Treatment } from "./plan.ts";
import { openWorkshop, type Workshop } from "./workshop.ts";

const blocks = pages.flatMap(blocksOf);
const treatmentOf = ({ page, text }: Block): Treatment | undefined =>
  plan[page]?.find(({ starts }) => text.startsWith(starts));

let workshop: Workshop;
beforeAll(async () => {
  workshop = await openWorkshop();
});
afterAll(() => workshop.close());

test("every block has an entry in the plan, and every entry a block", () => {
  const named = ({ page, line }: Block) => `${page}:${line}`;
  expect(blocks.filter((block) => treatmentOf(block) === undefined).map(named)).toEqual([]);
  const used = new Set(blocks.map(treatmentOf));
  const unused = Object.entries(plan).flatMap(([page, entries]) =>
    entries.filter((entry) => !used.has(entry)).map(({ starts }) => `${page}: ${starts}`),
  );
  expect(unused).toEqual([]);
});

test("every command names programs, scripts, options and files that there are", () => {
  // Blocks of one page share variables, as they would in one shell.
  const variables = new Map(pages.map((page) => [page, new Map<string, string>()]));
  const problems = blocks
    .filter(({ language }) => language === "sh")
    .flatMap(({ page, line, text }) => {
      return commandsOf(text).flatMap((command) =>
        [...commandProblems(command, variables.get(page) ?? new Map())].map((problem) => `${page}:${line}: ${problem}`),
      );
    });
  expect(problems).toEqual([]);
});

/** Programs that are not run must at least be programs. */
test.each(blocks.filter(({ language }) => language === "js" || language === "ts"))(
  "$page:$line can be read",
  async (block) => {
    const treatment = treatmentOf(block);
    if (treatment && "only" in treatment) return;
    await transform(block.text, { loader: "ts", format: "esm" });
  },
);

/** Without a tool of the machine a block is skipped, and the reason printed. */
function whyNot({ text }: Block, treatment: Treatment): string | undefined {
  if (!("run" in treatment)) return undefined;
  if (treatment.run === "browser") return noBrowser;
  return text.startsWith("PYTHONPATH=training") && !hasTorch ? "PyTorch is not installed (python3-torch)" : undefined;
}

async function run(block: Block, treatment: Treatment): Promise<void> {
  if ("elsewhere" in treatment) expect(existsSync(join(root, treatment.elsewhere))).toBe(true);
  if (!("run" in treatment)) return;
  if (treatment.run === "save") {
    await writeFile(join(workshop.folder, treatment.as), block.text);
    return;
  }
  const { drop, given = "" } = treatment;
  const text = drop
    ? block.text
        .split("\n")
        .filter((line) => !drop.test(line))
        .join("\n")
    : block.text;
  const printed = {
    shell: () => workshop.shell(text),
    program: () => workshop.program(text, given),
    browser: () => workshop.browser(text),
    "react-native": () =>
      workshop.program(
        `${text}\nconst answer = await judge((await readFile("phantom.png")).toString("base64"), "http://localhost:8787");
         console.log(answer.status);`,
        given,
      ),
  };
  expect(await printed[treatment.run]()).toMatch(treatment.expect);
}

/** Blocks that are run, here or in another test. */
const tried = (page: string) =>
  blocksOf(page).flatMap((block) => {
    const treatment = treatmentOf(block);
    return treatment && !("only" in treatment) ? [{ block, treatment, line: block.line }] : [];
  });

describe.each(pages.filter((page) => tried(page).length > 0))("%s", (page) => {
  const known = tried(page);
  test.each(known)(
    "line $line does what it says",
    async ({ block, treatment }) => {
      const reason = whyNot(block, treatment);
      if (reason !== undefined) {
        console.info(`${page}:${block.line} is skipped: ${reason}`);
        return;
      }
      await run(block, treatment);
    },
    300_000,
  );
});
