/**
 * @module
 * Whether calibrated scores are valid for an image: only where the calibration was fitted on images of its kind.
 */
import type { ImageKind } from "../../src/glam/score-calibration.ts";
import type { Exam, Slot } from "./exam.ts";

export const kindWords: Record<ImageKind, string> = {
  phantom: "a phantom",
  film: "a scanned film",
  digital: "a digital mammogram",
};

/** How the image was made, as far as file and pixels tell. */
export const kindOf = ({ source, prepared }: Pick<Slot, "source" | "prepared">): ImageKind | undefined =>
  source?.kind ?? (prepared?.filmBackground ? "film" : undefined);

/** The service's warning of images unlike the training images. */
const UNLIKE = "unlike-training";

/** `why`: the reason where none are shown. Undefined where the model has no calibration. */
export function calibratedOf(
  slot: Slot,
  { service }: Pick<Exam, "service">,
): { scores: NonNullable<Slot["calibratedScores"]> } | { why: string } | undefined {
  const { calibratedScores: scores, answer } = slot;
  if (!scores || service.state !== "ready") return undefined;
  const { kinds } = service.manifest.scoreCalibration ?? {};
  const kind = kindOf(slot);
  if (kinds === undefined) return { why: "The model does not say for which kind of images they hold." };
  if (kind === undefined) return { why: "It is not known how this image was made." };
  if (!kinds.includes(kind)) return { why: `This image is ${kindWords[kind]}.` };
  if (answer?.warnings.some(({ code }) => code === UNLIKE))
    return { why: "This image is unlike those that the model has learned from." };
  return { scores };
}
