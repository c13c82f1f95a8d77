/**
 * @module
 * The model's errors from the manifest, beside its scores.
 */
import type { Manifest } from "../../src/contract/manifest.ts";
import { operatingWords, rates } from "../words/model-facts.ts";

/** @param props.threshold of the contours that are shown */
export function ModelFacts({ manifest, threshold }: { manifest: Manifest; threshold: number }) {
  const { operatingPoints, provenance } = manifest;
  const { knownFailures = [], quality } = provenance;
  const measured = rates(quality);
  return (
    <div class="model-facts small">
      <h3>How often it is wrong</h3>
      {operatingPoints && <p>{operatingWords(operatingPoints, threshold)}</p>}
      {measured.map(({ set, words }) => (
        <p key={set}>
          On {set}: {words}.
        </p>
      ))}
      {!operatingPoints && measured.length === 0 && <p>It has not been measured on images outside its training.</p>}
      {knownFailures.length > 0 && (
        <>
          <h3>Where it is known to fail</h3>
          <ul class="failures">
            {knownFailures.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

/** The model and its training data. */
export const Training = ({ manifest: { name, version, provenance } }: { manifest: Manifest }) => (
  <p class="muted small">
    {name} {version}, trained on: {provenance.trainedOn}
  </p>
);
