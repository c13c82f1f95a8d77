/**
 * @module
 * Coded concepts (PS3.3 section 8).
 */
import { type DataSet, dataSet } from "./data-set.ts";

/** Value, scheme, meaning. */
export type Code = readonly [value: string, scheme: "SCT" | "DCM", meaning: string];

/** The item of a code sequence; `more` are sequences that modify it. */
export const codeItem = ([value, scheme, meaning]: Code, ...more: Parameters<typeof dataSet>): DataSet =>
  dataSet([0x00080100, "SH", value], [0x00080102, "SH", scheme], [0x00080104, "LO", meaning], ...more);
