/**
 * @module
 * Programs of Debian's dcmtk and dicom3tools, as independent readers and writers.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether a program is installed; prints a line when it is not, because its tests are skipped then. */
export function hasTool(name: string): boolean {
  const here = spawnSync("which", [name]).status === 0;
  if (!here) console.info(`Skipped: ${name} is not installed (apt-get install dcmtk dicom3tools).`);
  return here;
}

/** What a program printed, on both streams. */
export type ToolRun = { status: number | null; output: string };

/** Runs a program on a file that it reads. */
export function inspect(program: string, args: string[], bytes: Uint8Array): ToolRun {
  return inFolder((folder) => {
    const input = join(folder, "in.dcm");
    writeFileSync(input, bytes);
    return run(program, [...args, input]);
  });
}

/** Runs a program that makes another file of one. @throws Error with the program's output when it fails */
export function convert(program: string, args: string[], bytes: Uint8Array): Uint8Array {
  return inFolder((folder) => {
    const [input, output] = [join(folder, "in.dcm"), join(folder, "out.dcm")];
    writeFileSync(input, bytes);
    const { status, output: text } = run(program, [...args, input, output]);
    if (status !== 0) throw new Error(`${program} failed: ${text}`);
    return new Uint8Array(readFileSync(output));
  });
}

function run(program: string, args: string[]): ToolRun {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: "latin1", maxBuffer: 64 * 2 ** 20 });
  return { status, output: `${stdout}${stderr}` };
}

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "glam-dicom-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
