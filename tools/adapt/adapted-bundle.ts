/**
 * @module
 * The manifest of an adapted bundle. It does not depend on the date, the folder or the names of the images.
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
 * Keeps the original's manifest, thresholds included, except what was measured with its own statistics: calibration, operating
 * points, quality and the error of quantisation.
 */
export function adaptedBundle({ manifest }: Bundle, { name, images, adapted, comparison }: Adaptation): Bundle {
  const { scoreCalibration: _, operatingPoints: __, ...kept } = manifest;
  const { quality: ___, knownFailures = [], ...provenance } = manifest.provenance;
  const from = { name: manifest.name, version: manifest.version, global: manifest.networks.global.file.sha256 };
  const description = {
    ...manifest,
    name,
    quantisation: { kind: manifest.quantisation.kind, calibrationImages: 0 },
    provenance: {
      ...provenance,
      knownFailures: [...knownFailures.filter((sentence) => sentence !== LIMIT), LIMIT],
      adaptedFrom: { ...from, images, ...comparison },
    },
  };
  const made = makeBundle(description, adapted.files, { norms: adapted.norms });
  const { networks, norms, quantisation } = made.manifest;
  return {
    ...made,
    manifest: { ...kept, name, networks, norms, quantisation, provenance: made.manifest.provenance },
  };
}
