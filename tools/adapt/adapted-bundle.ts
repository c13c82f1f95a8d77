/**
 * @module
 * What the manifest of an adapted bundle says. Nothing of it depends on the day, the folder or the names of the images.
 */
import { type Bundle, makeBundle } from "../bundle/bundle.ts";
import type { AdaptedFiles } from "./adapt-model.ts";
import type { Comparison } from "./compare.ts";

/** One sentence beside the known failures of the original. */
const LIMIT =
  "Its batch-norm statistics are those of the images it was adapted with: on images of other devices or other processing it may be worse " +
  "than the original.";

export type Adaptation = { name: string; images: number; adapted: AdaptedFiles; comparison: Comparison };

/**
 * Threshold, hysteresis and smallest area are the original's. Its calibration, operating points, measured quality and error of quantisation were
 * measured on its own statistics and are dropped.
 */
export function adaptedBundle({ manifest }: Bundle, { name, images, adapted, comparison }: Adaptation): Bundle {
  const { quality: _, knownFailures = [], adaptedFrom: __, ...provenance } = manifest.provenance;
  const { version, quantisation, hysteresis, minAreaMm2 } = manifest;
  const from = { name: manifest.name, version, global: manifest.networks.global.file.sha256 };
  const made = makeBundle(
    {
      ...manifest,
      name,
      quantisation: { kind: quantisation.kind, calibrationImages: 0 },
      provenance: {
        ...provenance,
        knownFailures: [...knownFailures.filter((sentence) => sentence !== LIMIT), LIMIT],
        adaptedFrom: { ...from, images, ...comparison },
      },
    },
    adapted.files,
    { norms: adapted.norms },
  );
  return { ...made, manifest: { ...made.manifest, hysteresis, minAreaMm2 } };
}
