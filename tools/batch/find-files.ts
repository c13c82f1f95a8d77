/**
 * @module
 * The files of an archive, whatever its folders are called.
 */
import { readdir, stat } from "node:fs/promises";
import { extname, join } from "node:path";
import type { FileFacts } from "../files/segment-file.ts";

/** One file of a run. */
export type BatchItem = {
  /** What the file is called in tables and journal: its path in the archive, with slashes. Unique. */
  file: string;
  path: string;
  facts: FileFacts;
  /** As a list says; over what a header says. */
  patient?: string | undefined;
  /** Whether the name, or a list, says that it is an image, so that one that is none is broken. */
  claimed: boolean;
  /** Why a row of a list, or a folder, is nothing that can be read. */
  problem?: { code: string; detail: string };
};

/** Names of images. DICOM files often have none of their own. */
const IMAGES = ["", ".dcm", ".dicom", ".ima", ".png", ".jpg", ".jpeg", ".pgm"];

/** Name of a run's journal, by which its out folder is known. */
export const JOURNAL = "journal.jsonl";

/**
 * Every file below a folder by its path, in the order of code units. Hidden files and the out folders of runs are left out; links to
 * folders are not followed.
 */
export async function findFiles(folder: string): Promise<BatchItem[]> {
  const found: BatchItem[] = [];
  const visit = async (inner: string): Promise<void> => {
    const here = join(folder, inner);
    const entries = await readdir(here, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) {
      const problem = { code: "image-unreadable", detail: "The folder cannot be opened." };
      found.push({ file: inner, path: here, facts: {}, claimed: true, problem });
    }
    // What a run made of this archive is no image of it.
    if (entries?.some(({ name }) => name === JOURNAL)) return;
    for (const entry of entries ?? []) {
      if (entry.name.startsWith(".")) continue;
      const file = inner === "" ? entry.name : `${inner}/${entry.name}`;
      if (entry.isDirectory()) await visit(file);
      else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(join(folder, file))))) {
        const claimed = IMAGES.includes(extname(entry.name).toLowerCase());
        found.push({ file, path: join(folder, file), facts: {}, claimed });
      }
    }
  };
  await visit("");
  return found.sort(byFile);
}

/** The order of all tables: that of code units, the same on every machine. */
export const byFile = (a: { file: string }, b: { file: string }): number =>
  a.file < b.file ? -1 : a.file > b.file ? 1 : 0;

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
