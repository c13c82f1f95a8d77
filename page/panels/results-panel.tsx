/**
 * @module
 * Scores and regions of the active image, and of each breast.
 */

import { breastScores } from "../state/breast-scores.ts";
import { calibratedOf } from "../state/calibrated.ts";
import { activeSlot, CLASSES, type Exam, type Slot } from "../state/exam.ts";
import { isOneExam } from "../state/same-exam.ts";
import type { Session } from "../state/session.ts";
import { looks } from "../viewer/class-look.ts";
import { contoursOf } from "../viewer/contours.ts";
import { ModelFacts, Training } from "./model-facts.tsx";
import { Regions } from "./regions.tsx";

export function ResultsPanel({ session, exam }: { session: Session; exam: Exam }) {
  const slot = activeSlot(exam);
  if (!slot) return null;
  const breasts = breastScores(exam);
  return (
    <section class="panel results" aria-labelledby="results-title">
      <h2 id="results-title">
        Results <span class="muted">{slot.view}</span>
      </h2>
      {slot.answer?.warnings.map(({ code, detail }) => (
        <p key={code} class="note warning">
          <strong>Note:</strong> {detail}
        </p>
      ))}
      {slot.scores ? (
        <>
          <div class="scores">
            {CLASSES.toReversed().map((name) => (
              <ScoreRow key={name} name={looks[name].label} colour={name} score={slot.scores?.[name] ?? 0} />
            ))}
          </div>
          <p class="muted small">
            Scores are uncalibrated: they put images in order and are no probabilities of disease.
          </p>
          <Calibrated slot={slot} exam={exam} />
          {exam.service.state === "ready" && (
            <ModelFacts manifest={exam.service.manifest} threshold={exam.display.threshold} />
          )}
        </>
      ) : (
        <p class="muted">{slot.stage === "running" ? "The first result is on its way." : "Not yet segmented."}</p>
      )}
      {exam.slots.length > 1 && breasts.length > 0 && (
        <table class="breasts">
          <caption>Each breast: mean of the uncalibrated scores over its views</caption>
          <thead>
            <tr>
              <th scope="col">Breast</th>
              <th scope="col">Malignant</th>
              <th scope="col">Benign</th>
              <th scope="col">Views</th>
            </tr>
          </thead>
          <tbody>
            {breasts.map(({ side, scores, views }) => (
              <tr key={side}>
                <th scope="row">{side}</th>
                <td>{scores.malignant.toFixed(2)}</td>
                <td>{scores.benign.toFixed(2)}</td>
                <td>{views}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {!isOneExam(exam) && exam.slots.some(({ scores }) => scores) && (
        <p class="note warning">The images are not of one examination: no score of a breast is made of them.</p>
      )}
      {slot.regions.length > 0 && <Regions session={session} exam={exam} slot={slot} />}
      {slot.maps && <Areas slot={slot} exam={exam} />}
      {slot.scores && exam.service.state === "ready" && <Training manifest={exam.service.manifest} />}
    </section>
  );
}

function Calibrated({ slot, exam }: { slot: Slot; exam: Exam }) {
  const calibrated = calibratedOf(slot, exam);
  if (!calibrated) return null;
  if ("why" in calibrated) {
    return (
      <p class="muted small calibrated">
        Calibrated scores are not shown: they were fitted on {slot.calibratedScores?.fittedOn}. {calibrated.why}
      </p>
    );
  }
  const { scores } = calibrated;
  const words = CLASSES.toReversed().map((name) => `${looks[name].label.toLowerCase()} ${scores[name].toFixed(2)}`);
  return (
    <p class="small calibrated">
      Calibrated: {words.join(", ")}.{" "}
      <span class="muted">
        Fitted on {scores.fittedOn}. Of images like those with this score about this share has a lesion of the class; of
        other images it says nothing.
      </span>
    </p>
  );
}

function ScoreRow({ name, colour, score }: { name: string; colour: string; score: number }) {
  return (
    <div class="score">
      <span class={`swatch ${colour}`} aria-hidden="true" />
      <span class="score-name">{name}</span>
      <meter class="visually-hidden" min={0} max={1} value={score} aria-label={`${name} score, uncalibrated`}>
        {score.toFixed(2)}
      </meter>
      <span class="bar" aria-hidden="true">
        <span class={colour} style={{ width: `${100 * score}%` }} />
      </span>
      <output>{score.toFixed(2)}</output>
    </div>
  );
}

function Areas({ slot, exam }: { slot: Slot; exam: Exam }) {
  const spacing = slot.prepared?.pixelSpacing;
  return (
    <p class="areas">
      {CLASSES.toReversed().map((name) => {
        const contours = contoursOf(slot, name, exam.display.threshold);
        const pixels = contours.reduce((sum, { areaPixels }) => sum + areaPixels, 0);
        const area = spacing === undefined ? `${pixels} pixels` : `${(pixels * spacing ** 2).toFixed(0)} mm²`;
        return (
          <span key={name}>
            <span class={`swatch ${name}`} aria-hidden="true" /> {looks[name].label}: {contours.length}{" "}
            {contours.length === 1 ? "outline" : "outlines"}
            {pixels > 0 && `, ${area}`}
          </span>
        );
      })}
    </p>
  );
}
