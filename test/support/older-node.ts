/**
 * @module
 * An installed Node that is older than the one of `npm ci`, from 20 on, the oldest that the packages support.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

function find(): { path: string; version: string } | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  for (const path of folders.map((folder) => join(folder, "node")).filter((one) => existsSync(one))) {
    const version = execFileSync(path, ["--version"], { encoding: "utf8" }).trim();
    const major = Number(version.slice(1).split(".")[0]);
    if (major >= 20 && major < Number(process.versions.node.split(".")[0])) return { path, version };
  }
  return undefined;
}

/** Absent where there is none; the tests that want it then skip. */
export const olderNode = find();
if (olderNode === undefined) console.info("tests with an older Node are skipped: the machine has none from 20 on");
