/**
 * @module
 * Scores and outlined areas of every image, and of each breast.
 */
import { breastScores } from "../state/breast-scores.ts";
import { CLASSES, type Exam, type Slot } from "../state/exam.ts";
import { contoursOf } from "../viewer/contours.ts";
import { shortName } from "../words/slot-words.ts";

export function ReportScores({ exam, slots }: { exam: Exam; slots: readonly Slot[] }) {
  return (
    <table>
      <caption>Scores are uncalibrated: they put images in order and are no probabilities of disease.</caption>
      <thead>
        <tr>
          <th scope="col">Image</th>
          <th scope="col">Malignant</th>
          <th scope="col">Benign</th>
          <th scope="col">Malignant outlines</th>
          <th scope="col">Benign outlines</th>
        </tr>
      </thead>
      <tbody>
        {slots.map((slot) => (
          <tr key={slot.id}>
            <th scope="row">{shortName(exam, slot)}</th>
            <td>{slot.scores?.malignant.toFixed(2) ?? "not segmented"}</td>
            <td>{slot.scores?.benign.toFixed(2) ?? "–"}</td>
            {CLASSES.toReversed().map((name) => (
              <td key={name}>{slot.maps ? outlines(slot, name, exam.display.threshold) : "–"}</td>
            ))}
          </tr>
        ))}
        {exam.slots.length > 1 &&
          breastScores(exam).map(({ side, scores, views }) => (
            <tr key={side}>
              <th scope="row">
                {side} breast, mean of {views} {views === 1 ? "view" : "views"}
              </th>
              <td>{scores.malignant.toFixed(2)}</td>
              <td>{scores.benign.toFixed(2)}</td>
              <td colSpan={2} />
            </tr>
          ))}
      </tbody>
    </table>
  );
}

function outlines(slot: Slot, name: (typeof CLASSES)[number], threshold: number): string {
  const contours = contoursOf(slot, name, threshold);
  const pixels = contours.reduce((sum, { areaPixels }) => sum + areaPixels, 0);
  const spacing = slot.prepared?.pixelSpacing;
  const area = spacing === undefined ? `${pixels} pixels` : `${(pixels * spacing ** 2).toFixed(0)} mm²`;
  return pixels === 0 ? "none" : `${contours.length}, ${area}`;
}
