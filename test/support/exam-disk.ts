/**
 * @module
 * What lies on the disk of a Worker that keeps exams: files as text, and what is left in the objects' storage.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

const filesBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Which of these texts stand in a file or in a file's name. */
export async function foundOnDisk(folder: string, texts: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const path of await filesBelow(folder)) {
    // A file may go while it is looked for.
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    for (const text of texts) if (bytes.includes(text, 0, "latin1") || path.includes(text)) found.add(text);
  }
  return [...found];
}

/** Values that the objects of a class store, by their keys; `*.sqlite` of one object each. */
export const storedValues = (folder: string, className: string): Promise<string[]> =>
  columnOf(folder, className, "_cf_KV");

/** Names of what lies in the buckets. */
export const bucketObjects = (folder: string): Promise<string[]> => columnOf(folder, "R2BucketObject", "_mf_objects");

/** The column `key` of a table, in the databases of a class that have it. */
async function columnOf(folder: string, className: string, table: string): Promise<string[]> {
  const files = (await filesBelow(folder)).filter((path) => path.includes(className) && path.endsWith(".sqlite"));
  return files.flatMap((path) => {
    const database = new DatabaseSync(path, { readOnly: true, timeout: 10_000 });
    try {
      const tables = database.prepare("SELECT name FROM sqlite_master WHERE name = ?").all(table);
      return tables.length === 0
        ? []
        : database
            .prepare(`SELECT key FROM ${table}`)
            .all()
            .map(({ key }) => String(key));
    } finally {
      database.close();
    }
  });
}
