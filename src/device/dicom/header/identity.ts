/**
 * @module
 * Whose image it is and of which examination, for callers who put several images together. Stays on the side of the caller.
 */
import { textOf } from "./character-set.ts";
import type { DicomSource } from "./source.ts";

/** What a header says of patient and study; what it does not say is missing. */
export type DicomIdentity = {
  patientId?: string;
  /** As in the file, components apart by `^`, in the file's own script. */
  patientName?: string;
  /** YYYYMMDD. */
  birthDate?: string;
  studyUid?: string;
  /** YYYYMMDD. */
  studyDate?: string;
};

/**
 * @param source of {@link readDicom}
 * @example const { patientId, studyUid } = readIdentity((await readDicom(bytes)).source);
 */
export function readIdentity({ copied, studyUid }: DicomSource): DicomIdentity {
  const bytesOf = (tag: number) => copied.find((attribute) => attribute.tag === tag)?.value;
  const characterSet = bytesOf(0x00080005);
  const text = (tag: number) => {
    const bytes = bytesOf(tag);
    return (bytes && textOf(bytes, characterSet)) || undefined;
  };
  const date = (tag: number) => /^\d{8}$/.exec(text(tag)?.replaceAll(".", "") ?? "")?.[0];
  const [patientId, patientName] = [text(0x00100020), text(0x00100010)];
  const [birthDate, studyDate] = [date(0x00100030), date(0x00080020)];
  return {
    ...(patientId ? { patientId } : {}),
    ...(patientName ? { patientName } : {}),
    ...(birthDate ? { birthDate } : {}),
    ...(studyUid ? { studyUid } : {}),
    ...(studyDate ? { studyDate } : {}),
  };
}
