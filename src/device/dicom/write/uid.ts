/**
 * @module
 * Unique identifiers without a registered root (PS3.5 B.2): 2.25 and a random UUID as a decimal number.
 */

/** @example createUid(); // "2.25.329800735698586629295641978511506172918" */
export const createUid = (): string => `2.25.${BigInt(`0x${crypto.randomUUID().replaceAll("-", "")}`)}`;
