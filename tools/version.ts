/**
 * @module
 * The version of this product, as its package says.
 */
import { readFileSync } from "node:fs";

/** @example "0.1.0" */
export const version: string = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version;
