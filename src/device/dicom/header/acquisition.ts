/**
 * @module
 * What kind of image it is: which are refused, and of what to warn.
 */
import { GlamError } from "../../../glam/problem.ts";
import { type Attributes, string, strings } from "../attributes.ts";
import { notSupported } from "../problems.ts";
import type { TransferSyntax } from "../transfer-syntax.ts";
import type { DicomWarning } from "./warning.ts";

const MG_FOR_PROCESSING = "1.2.840.10008.5.1.4.1.1.1.2.1";

/** Modalities under which archives keep digitised or computed mammograms. */
const RELATED = ["CR", "DX", "RG", "OT"];

/** ImageType values that mark images computed from tomosynthesis. */
const SYNTHETIC = ["TOMO_2D", "GENERATED_2D", "TOMO_PROJ", "TOMOSYNTHESIS", "VOLUME"];

/**
 * @returns warnings
 * @throws GlamError `dicom-for-processing`, `dicom-not-supported` for other modalities
 */
export function checkAcquisition(attributes: Attributes, syntax: TransferSyntax): DicomWarning[] {
  const warnings: DicomWarning[] = [];
  const warn = (code: DicomWarning["code"], detail: string) => warnings.push({ code, detail });
  const modality = string(attributes, "x00080060");
  if (modality !== "MG") {
    if (modality !== undefined && !RELATED.includes(modality)) {
      throw notSupported("The DICOM object is no mammogram: its modality is not MG.");
    }
    warn("modality-not-mg", "The modality is not MG. The model knows mammograms only; make sure that this is one.");
  }
  const intent = string(attributes, "x00080068");
  if (intent === "FOR PROCESSING" || string(attributes, "x00080016") === MG_FOR_PROCESSING) {
    throw new GlamError(
      "dicom-for-processing",
      'The image is raw detector data ("FOR PROCESSING"), which nobody looks at and the model has never seen. ' +
        'Give the image "FOR PRESENTATION" of the same exposure; the device or the archive has it.',
    );
  }
  if (intent !== "FOR PRESENTATION" && modality === "MG") {
    warn(
      "presentation-intent-unknown",
      "The file does not say that the image is for presentation; raw data mislead the model.",
    );
  }
  if (string(attributes, "x00281300") === "YES") {
    warn("breast-implant", "The breast has an implant. The model has not seen implants; its answer may mean nothing.");
  }
  if (string(attributes, "x00281350") === "YES") {
    warn("partial-view", "The image shows a part of the breast only, one of several exposures.");
  }
  if (strings(attributes, "x00080008").some((value) => SYNTHETIC.includes(value))) {
    warn("synthetic-image", "The image was computed from tomosynthesis; the model knows exposed images.");
  }
  if (string(attributes, "x00280301") === "YES") {
    warn(
      "burned-in-annotation",
      "The file says that text is drawn into the pixels. It may name the patient: look at the preprocessed image before sending it.",
    );
  }
  if (syntax.lossy || string(attributes, "x00282110") === "01") {
    warn("lossy-compression", "The image was compressed with loss; fine calcifications may have suffered.");
  }
  return warnings;
}
