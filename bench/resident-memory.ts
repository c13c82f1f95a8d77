/**
 * @module
 * Resident memory of processes, on Linux only.
 */
import { readdir, readFile } from "node:fs/promises";

/** Parent and resident bytes of a process, or undefined when it is gone. */
async function look(pid: number): Promise<{ pid: number; parent: number; name: string; bytes: number } | undefined> {
  const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, "m").exec(text)?.[1];
  const parent = field("PPid");
  if (parent === undefined) return undefined;
  return { pid, parent: Number(parent), name: field("Name") ?? "", bytes: Number(field("VmRSS") ?? 0) * 1024 };
}

/** @returns resident bytes of a process; undefined when it is gone, or where the system does not say */
export async function residentBytes(pid: number): Promise<number | undefined> {
  return (await look(pid))?.bytes;
}

/** @returns resident bytes of every workerd process that this one has started, by process */
export async function workerdMemory(): Promise<Map<number, number>> {
  const entries = await readdir("/proc").catch(() => []);
  const found = await Promise.all(entries.filter((name) => /^\d+$/.test(name)).map((name) => look(Number(name))));
  const all = found.filter((one) => one !== undefined);
  const children = new Set([process.pid]);
  // A child may be listed before its parent.
  for (let before = 0; before < children.size; ) {
    before = children.size;
    for (const { pid, parent } of all) if (children.has(parent)) children.add(pid);
  }
  return new Map(
    all.filter(({ pid, name }) => children.has(pid) && name === "workerd").map(({ pid, bytes }) => [pid, bytes]),
  );
}
