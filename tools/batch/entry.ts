/**
 * @module
 * What the journal keeps of one file, and what tables are made of.
 */

import type { View } from "../../src/glam/view.ts";
import type { FileAnswer, FileFailure, FileIdentity } from "../files/segment-file.ts";
import type { OutputKind } from "../segment/make-output.ts";

/** `ignored`: no image, and nothing said that it was one. */
export type Result =
  | { status: "answered"; identity: FileIdentity; answer: FileAnswer; made: OutputKind[] }
  | ({ identity: FileIdentity; view?: View } & FileFailure)
  | { status: "ignored" };

export type Entry = {
  file: string;
  /** Size and SHA-256 of the file, and what a list says of it: with them changed, the result counts no more. */
  of: string;
  result: Result;
};
