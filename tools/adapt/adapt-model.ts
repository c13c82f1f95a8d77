/**
 * @module
 * A bundle with the global network's BatchNorm statistics of a site's images. The local network is not changed.
 */

import { runtimeOf } from "../../src/edge/inference/by-format.ts";
import { writeWeightsFile } from "../../src/edge/inference/simd/weights-file.ts";
import type { Canvas } from "../../src/glam/contracts.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { withNorms, writeNorms } from "../bundle/norms.ts";
import { packWeights } from "../engine/pack-weights.ts";
import { unpackWeights } from "../engine/unpack-weights.ts";
import { globalInput } from "../import/inputs.ts";
import { adaptNetwork } from "./adapt-network.ts";

/** The changed files of the bundle. */
export type AdaptedFiles = Pick<Bundle, "files"> & { norms: Uint8Array };

/**
 * @param batches canvases; one batch is held at a time
 * @returns files for the SIMD engine alone: onnxruntime-web's would have to be calibrated again
 * @throws GlamError `model-damaged`, and what {@link adaptable} throws
 */
export async function adaptModel(bundle: Bundle, batches: AsyncIterable<Canvas[]>): Promise<AdaptedFiles> {
  const { files, norms } = adaptable(bundle);
  const { spec, quantisation } = bundle.manifest;
  const inputs = async function* () {
    for await (const canvases of batches) yield canvases.map(globalInput);
  };
  const network = await adaptNetwork(withNorms(unpackWeights(files.global, spec), norms), inputs());
  const format = quantisation.kind === "none" ? "f32" : "int8";
  const global = writeWeightsFile(packWeights("global", network, format));
  return { files: { global, local: files.local }, norms: writeNorms(network) };
}

/**
 * The adaptable files of a bundle, for the SIMD engine.
 * @throws GlamError `invalid-request` when it has no norms or no file for the engine
 */
export function adaptable({ files, alternatives, norms }: Bundle): AdaptedFiles {
  if (norms === undefined) {
    const detail =
      "The bundle has no norms.bin, which says what its batch norms were made of. Import its checkpoint again (glam import).";
    throw new GlamError("invalid-request", detail, { at: "model" });
  }
  const forEngine = (which: "global" | "local"): Uint8Array => {
    const found = [files[which], alternatives?.[which]].find(
      (file) => file !== undefined && runtimeOf(file) === "simd",
    );
    if (found) return found;
    const detail =
      "The bundle has no files for the SIMD engine. Import its checkpoint again with --runtime both or simd.";
    throw new GlamError("invalid-request", detail, { at: "model" });
  };
  return { files: { global: forEngine("global"), local: forEngine("local") }, norms };
}
