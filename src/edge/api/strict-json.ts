/**
 * @module
 * JSON without duplicate keys: `JSON.parse` keeps the last of two equal keys, so two readers of one request could see
 * different values.
 */
import { GlamError } from "../../glam/problem.ts";

/** Strings, brackets and separators; between them are numbers and literals. */
const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/**
 * Parses JSON text.
 * @param at name of the part for errors
 * @throws GlamError `malformed-json` when it is not JSON, `invalid-request` when an object has a key twice
 * @example parseStrictJson('{"view":"L-CC"}', "request");
 */
export function parseStrictJson(text: string, at: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new GlamError("malformed-json", "The text is not valid JSON (RFC 8259).", { at });
  }
  if (hasDuplicateKeys(text)) {
    throw new GlamError("invalid-request", "An object has the same key twice; say everything once.", { at });
  }
  return value;
}

/** Whether an object in this text, known to be JSON, has two equal keys; keys are compared after unescaping. */
function hasDuplicateKeys(text: string): boolean {
  const open: (Set<string> | undefined)[] = [];
  let last: string | undefined;
  for (const [piece] of text.matchAll(token)) {
    if (piece === "{") open.push(new Set());
    else if (piece === "[") open.push(undefined);
    else if (piece === "}" || piece === "]") open.pop();
    else if (piece === ":" && last !== undefined) {
      const keys = open.at(-1);
      const key: string = JSON.parse(last);
      if (keys?.has(key)) return true;
      keys?.add(key);
    }
    last = piece.startsWith('"') ? piece : undefined;
  }
  return false;
}
