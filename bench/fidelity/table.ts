/**
 * @module
 * The table that `npm run bench -- fidelity` prints.
 */
import type { Reference } from "./answer.ts";
import type { Difference, WeightFormat } from "./compare.ts";

const line = (format: string, name: string, cells: readonly string[]): string =>
  `${format.padEnd(5)}${name.padEnd(23)}${cells.map((cell) => cell.padStart(10)).join("")}`;

/** Names of the columns; S is the global network's saliency, local and fused are maps. */
export const header = (): string =>
  [
    line("", "", ["", "S", "S", "local", "local", "fused", "fused", "region", "", "S's"]),
    line("", "image", ["score", "p99", "max", "p99", "max", "p99", "max", "pixels", "margin", "span"]),
  ].join("\n");

const number = (value: number): string =>
  value === 0 ? "0" : value < 1e-3 ? value.toExponential(1) : value.toFixed(4);

/** Largest minus smallest: a constant map would not test anything. */
function span(values: Float32Array): string {
  const { low, high } = values.reduce(
    (range, value) => ({ low: Math.min(range.low, value), high: Math.max(range.high, value) }),
    { low: Infinity, high: -Infinity },
  );
  return `${low.toFixed(2)}-${high.toFixed(2)}`;
}

/** @param reference what the row was compared with */
export function row(format: WeightFormat, name: string, found: Difference, reference?: Reference): string {
  const { score, saliencyP99, saliencyMax, localP99, localMax, fusedP99, fusedMax, regionPixels } = found;
  const cells = [score, saliencyP99, saliencyMax, localP99, localMax, fusedP99, fusedMax].map(number);
  const rest = reference ? [number(reference.margin), span(reference.saliency)] : [];
  return line(format, name, [...cells, String(regionPixels), ...rest]);
}
