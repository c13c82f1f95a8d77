/**
 * @module
 * The training's Python, where Debian's python3-torch is installed.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { TestContext } from "vitest";

/** Runs code where the training's modules are found. */
export const runPython = (code: string, ...args: string[]) =>
  spawnSync("/usr/bin/python3", ["-c", code, ...args], {
    cwd: fileURLToPath(new URL("../../training", import.meta.url)),
    encoding: "utf8",
    env: { PYTHONDONTWRITEBYTECODE: "1" },
  });

/** Whether this machine's own Python has PyTorch. */
export const hasTorch = runPython("import torch").status === 0;

/** The numbers that the code prints, one a line; throws when the code fails. Without PyTorch the test is skipped. */
export function numbersOf({ skip }: TestContext, lines: string[]): number[] {
  if (!hasTorch) skip("no python3 with torch here");
  const { stderr, stdout } = runPython(lines.join("\n"));
  if (stderr !== "") throw new Error(stderr);
  return stdout.trim().split("\n").map(Number);
}
