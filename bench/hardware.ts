/**
 * @module
 * The machine, printed above every table.
 */
import { cpus, totalmem } from "node:os";

/** One line: processor, cores, memory, Node. */
export function hardware(): string {
  const [cpu] = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  return `${cpu?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ${memory} GiB, Node ${process.version}`;
}
