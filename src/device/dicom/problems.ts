/**
 * @module
 * The errors of DICOM reading. Messages name attributes, never values that could tell who the patient is.
 */
import { GlamError } from "../../glam/problem.ts";

/** The file is cut off or damaged. */
export const unreadable = (detail: string, cause?: unknown): GlamError =>
  new GlamError("dicom-unreadable", detail, cause === undefined ? {} : { cause });

/** A valid file of an unsupported kind. */
export const notSupported = (detail: string): GlamError => new GlamError("dicom-not-supported", detail);
