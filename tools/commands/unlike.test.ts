import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { writeDataset } from "../dataset/phantom-dataset.ts";
import { evaluateCommand } from "./evaluate.ts";
import { filmsCommand } from "./films.ts";

const tiny = fileURLToPath(new URL("../../test/fixtures/models/glam-tiny", import.meta.url));
let folder: string;
let printed: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-unlike-"));
  await cp(tiny, join(folder, "model"), { recursive: true });
  const set = { out: join(folder, "set"), seed: 900, count: 30, height: 128, width: 96, workers: 1 };
  await writeDataset({ ...set, report: () => {} });
  printed = "";
  vi.spyOn(process.stderr, "write").mockImplementation(() => true);
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
}, 60_000);

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

const which = () => ["--data", join(folder, "set"), "--model", join(folder, "model")];
const writeLooks = () => filmsCommand().parseAsync(["looks", ...which()], { from: "user" });
const evaluate = () => evaluateCommand().parseAsync(["unlike", ...which(), "--count", "1"], { from: "user" });
const manifest = () => readFile(join(folder, "model", "model.json"), "utf8");

test("glam films looks writes its field of the manifest and nothing else, the same again", async () => {
  await writeLooks();
  const first = await manifest();
  const { looks } = JSON.parse(first);
  expect(looks.fittedOn).toBe("30 training images: 30 of phantoms");
  expect(printed).toContain(`unlike them from ${looks.threshold} on`);
  const before = JSON.parse(await readFile(join(tiny, "model.json"), "utf8"));
  const { looks: _, ...rest } = JSON.parse(first);
  expect(rest).toEqual(before);
  await writeLooks();
  expect(await manifest()).toBe(first);
});

test("glam evaluate unlike prints how often images get the warning; a model without statistics has none to judge", async () => {
  await expect(evaluate()).rejects.toMatchObject({ code: "invalid-request", message: /glam films looks/ });
  await writeLooks();
  printed = "";
  await evaluate();
  expect(printed).toContain("| phantoms, not trained on | 30 | 0 % | 0 % | 100 % |");
});
