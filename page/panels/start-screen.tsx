/**
 * @module
 * The page before there is an image.
 */

import { phantomSamples, randomSample } from "../samples/phantoms.ts";
import { credit, realSamples } from "../samples/real.ts";
import type { Sample } from "../samples/sample.ts";
import type { Exam } from "../state/exam.ts";
import type { Session } from "../state/session.ts";
import { FileButton } from "./file-button.tsx";

export function StartScreen({ session, exam }: { session: Session; exam: Exam }) {
  const waiting = exam.service.state !== "ready";
  return (
    <div class="start">
      <section class="drop-zone" aria-labelledby="drop-title">
        <h2 id="drop-title">Segment lesions in a mammogram</h2>
        <p>
          Drop one view, or up to four of an examination, anywhere on this page.
          <br />
          <span class="muted">PNG, JPEG or DICOM, grey, one breast an image.</span>
        </p>
        <FileButton session={session} label="Choose files" kind="primary" />
      </section>
      <section aria-labelledby="samples-title">
        <h2 id="samples-title">Or take a sample</h2>
        <h3>Real mammograms, with the lesion as its radiologists outlined it</h3>
        <ul class="samples">
          {realSamples.map((sample) => (
            <SampleButton key={sample.id} sample={sample} waiting={waiting} session={session} />
          ))}
        </ul>
        <p class="muted small">
          {credit.text}; {credit.licence}; {credit.changed}. The model has not learned from these women's images.
        </p>
        <h3>Phantoms: computer-made images, whose lesions are known exactly</h3>
        <ul class="samples">
          {phantomSamples.map((sample) => (
            <SampleButton key={sample.id} sample={sample} waiting={waiting} session={session} />
          ))}
          <li>
            <button type="button" disabled={waiting} onClick={() => void session.openSample(randomSample())}>
              <strong>Surprise me</strong>
              <span>A new phantom, with or without lesions</span>
            </button>
          </li>
        </ul>
      </section>
      <section class="promises" aria-labelledby="promise-title">
        <h2 id="promise-title">What happens to an image</h2>
        <ol>
          <li>
            <strong>Prepared here.</strong> Your browser reads the file, finds the breast, removes labels and crops.
          </li>
          <li>
            <strong>Only grey tiles leave.</strong> No file name, no DICOM header, no original; blank tiles stay here,
            too.
          </li>
          <li>
            <strong>Nothing is kept.</strong> The service deletes tiles and answers once this page has its results or
            you cancel. Of a run that was interrupted it deletes them when it expires.
          </li>
        </ol>
      </section>
    </div>
  );
}

type SampleProps = { sample: Sample; waiting: boolean; session: Session };

const SampleButton = ({ sample, waiting, session }: SampleProps) => (
  <li>
    <button type="button" disabled={waiting} onClick={() => void session.openSample(sample)}>
      <strong>{sample.title}</strong>
      <span>{sample.text}</span>
    </button>
  </li>
);
