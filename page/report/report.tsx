/**
 * @module
 * What the browser prints: one or two sheets with images, scores, warnings and the model's known failures.
 */
import { useEffect, useRef } from "preact/hooks";
import { ModelFacts, Training } from "../panels/model-facts.tsx";
import { CLASSES, type Exam, type Slot } from "../state/exam.ts";
import { subjectOf } from "../state/subject.ts";
import { looks } from "../viewer/class-look.ts";
import { hangingOrder } from "../viewer/hanging.ts";
import { shortName } from "../words/slot-words.ts";
import { subjectLines } from "../words/subject.ts";
import { paintForPaper } from "./paint.ts";
import { ReportScores } from "./report-scores.tsx";
import { ReportWarnings } from "./report-warnings.tsx";

/** Not on the screen; there as soon as an image is prepared. */
export function Report({ exam }: { exam: Exam }) {
  const slots = hangingOrder(exam.slots.filter(({ prepared }) => prepared));
  const { service, display } = exam;
  if (slots.length === 0 || service.state !== "ready") return null;
  return (
    <section class="report" aria-label="Report">
      <header>
        <h1>Segmentation of lesions in mammograms</h1>
        <p>
          <strong>Research use only. Not a medical device.</strong> Do not use it for diagnosis or treatment.
        </p>
        <p>
          {service.manifest.name} {service.manifest.version}; outlines of the malignant map (solid) and the benign map
          (dashed) at {display.threshold.toFixed(2)}
        </p>
      </header>
      <div class={`paper-images of-${slots.length}`}>
        {slots.map((slot) => (
          <PaperImage key={slot.id} exam={exam} slot={slot} alone={slots.length === 1} />
        ))}
      </div>
      <ReportScores exam={exam} slots={slots} />
      <ReportWarnings exam={exam} />
      <ModelFacts manifest={service.manifest} threshold={display.threshold} />
      <Training manifest={service.manifest} />
    </section>
  );
}

function PaperImage({ exam, slot, alone }: { exam: Exam; slot: Slot; alone: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const now = useRef({ exam, slot, alone });
  now.current = { exam, slot, alone };
  useEffect(() => {
    const paint = () => {
      const { exam, slot, alone } = now.current;
      if (canvas.current) paintForPaper(canvas.current, slot, exam.display, alone);
    };
    const letGo = () => {
      if (canvas.current) canvas.current.width = canvas.current.height = 0;
    };
    addEventListener("beforeprint", paint);
    addEventListener("afterprint", letGo);
    return () => {
      removeEventListener("beforeprint", paint);
      removeEventListener("afterprint", letGo);
    };
  }, []);
  const subject = subjectOf(slot);
  const name = shortName(exam, slot);
  return (
    <figure>
      <canvas ref={canvas} role="img" aria-label={`${name} with outlines`} width={0} height={0} />
      <figcaption>
        <strong>{name}</strong>
        {slot.scores &&
          CLASSES.toReversed().map((one) => ` · ${looks[one].label.toLowerCase()} ${slot.scores?.[one].toFixed(2)}`)}
        {subject?.sample !== undefined && <p>Sample: {slot.name}</p>}
        {subject && exam.display.names && subjectLines(subject).map((line) => <p key={line}>{line}</p>)}
      </figcaption>
    </figure>
  );
}
