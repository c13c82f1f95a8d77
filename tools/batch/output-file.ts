/**
 * @module
 * Where the outputs of a file go: below the out folder as the file lies below its own.
 */
import { createHash } from "node:crypto";
import { posix } from "node:path";
import type { OutputKind } from "../segment/make-output.ts";

const ENDINGS: Record<OutputKind, string> = {
  overlay: "overlay.png",
  contours: "contours.json",
  "dicom-seg": "seg.dcm",
};

/** Bytes of a name that leave room for its ending: file systems take 255. */
const LONGEST = 200;

/** @returns a path below the out folder, with slashes; a long name is cut, and told from others by its hash */
export function outputFile(file: string, kind: OutputKind): string {
  const { dir, base } = posix.parse(file);
  const folders = dir.split("/").map((name) => (isOutput(name) ? `${name}~` : name));
  return posix.join("views", ...folders, `${shortened(base)}.${ENDINGS[kind]}`);
}

/** Whether a folder is called as an output of a file beside it could be. */
const isOutput = (name: string): boolean => Object.values(ENDINGS).some((ending) => name.endsWith(`.${ending}`));

function shortened(name: string): string {
  const bytes = Buffer.from(name);
  if (bytes.length <= LONGEST) return name;
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  return `${bytes.toString("utf8", 0, LONGEST - 64).replaceAll("\uFFFD", "")}~${hash}`;
}
