/**
 * @module
 * Patients by number.
 */
import { createHash } from "node:crypto";
import type { Film } from "./film.ts";

/**
 * The same number for the same patient in every set, so that sets can be split together. It does not reveal the name in the list.
 * A film without a patient is a patient of its own.
 */
export const patientNumber = (film: Film): number =>
  createHash("sha256").update(patientOf(film)).digest().readUIntBE(0, 6);

/** The patient, or the film itself where the list does not say. */
export const patientOf = ({ patient, source, list, line }: Film): string => patient ?? `${source}/${list}/line ${line}`;
