/**
 * @module
 * Patients by number.
 */
import { createHash } from "node:crypto";
import type { Film } from "./film.ts";

/**
 * The same number for the same patient in every set that is ever written, so that sets can be split together; it says nothing of
 * the name in the list. A film without a patient is a patient of its own.
 */
export function patientNumber({ patient, source, list, line }: Film): number {
  const name = patient ?? `${source}/${list}/${line}`;
  return createHash("sha256").update(name).digest().readUIntBE(0, 6);
}

/** The patient, or the film itself where the list does not say. */
export const patientOf = (film: Film): string => film.patient ?? `${film.source}/${film.list}/line ${film.line}`;
