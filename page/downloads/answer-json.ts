/**
 * @module
 * The service's answer and the contours as they are on screen, as JSON.
 */
import { CLASSES, type Display, type Slot } from "../state/exam.ts";
import { contoursOf } from "../viewer/contours.ts";

/** Text of the file. Contains nothing of the source file's name or header. */
export function answerJson(slot: Slot, { threshold }: Pick<Display, "threshold">): string {
  const { answer, prepared } = slot;
  if (!answer || !prepared) throw new TypeError("There is no answer yet.");
  const { pixelSpacing, scale, mirrored, crop } = prepared;
  const shown = Object.fromEntries(
    CLASSES.map((name) => [
      name,
      contoursOf(slot, name, threshold).map(({ areaPixels, rings }) => ({
        areaPixels,
        areaMm2: pixelSpacing === undefined ? null : areaPixels * pixelSpacing ** 2,
        rings,
      })),
    ]),
  );
  return JSON.stringify(
    {
      disclaimer: answer.disclaimer,
      preparation: { scale, mirrored, crop, pixelSpacing: pixelSpacing ?? null },
      shownContours: { threshold, ...shown },
      answer,
    },
    null,
    1,
  );
}
