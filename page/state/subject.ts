/**
 * @module
 * Whose image it is, as far as it is known.
 */
import type { DicomIdentity } from "../../src/device/dicom/header/identity.ts";
import type { Slot } from "./exam.ts";

/** What a file's header says, or which sample it is. */
export type Subject = DicomIdentity & { sample?: string };

/** Undefined when the file says nothing, as every PNG and JPEG. */
export function subjectOf({ sample, source }: Pick<Slot, "sample" | "source">): Subject | undefined {
  if (sample !== undefined) return { sample };
  const { identity } = source ?? {};
  return identity && Object.keys(identity).length > 0 ? identity : undefined;
}
