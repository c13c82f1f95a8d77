/**
 * @module
 * The methods that are judged: the model, over HTTP or in this process, and its coarse saliency alone.
 */
import { decodeMap, segmentCanvas } from "../../src/device/client/index.ts";
import type { ClassMaps } from "../../src/glam/contracts.ts";
import { wholeMap } from "../../src/glam/fused-map.ts";
import { chooseRegions } from "../../src/glam/regions.ts";
import { resizeNearest } from "../../src/glam/resize.ts";
import { fuseSaliency, imageScores } from "../../src/glam/saliency.ts";
import type { Bundle } from "../bundle/bundle.ts";
import { openPipeline } from "../engine/open-pipeline.ts";
import { toolRuntime } from "../engine/tool-runtime.ts";
import { globalInput } from "../import/inputs.ts";
import type { Output } from "./measure.ts";
import type { ByteMap } from "./peaks.ts";
import { type Kind, kinds, type TestCase } from "./test-case.ts";

/** Answers of one or more methods to one image, by the methods' names. */
export type Method = { run(test: TestCase): Promise<Map<string, Output>>; release(): Promise<void> };

/** Names of the two methods that come from the model itself. */
export const GLAM = "fused";
export const COARSE = "coarse";

/** The model through the endpoint: tiles, fan-out, answer. */
export function overHttp(url: URL, regions: number | undefined): Method {
  return {
    async run({ canvas, view }) {
      const request = { view, outputs: ["maps" as const], ...(regions === undefined ? {} : { regions }) };
      const answer = await segmentCanvas({ canvas }, request, { url, encoding: "png", upload: "direct" });
      const { saliency } = answer;
      if (!saliency) throw new TypeError("The answer has no maps.");
      const mapOf = (kind: Kind): ByteMap => ({ ...canvas, data: decodeMap(saliency[kind]) });
      const maps = { benign: mapOf("benign"), malignant: mapOf("malignant") };
      const { benign, malignant } = answer.scores;
      return new Map([[GLAM, { scores: { benign, malignant }, maps, regions: answer.regions.map(({ box }) => box) }]]);
    },
    release: async () => undefined,
  };
}

/** The same pipeline in this process, with the bundle's own files; also answers for the coarse saliency alone. */
export async function inProcess(bundle: Bundle, regions?: number): Promise<Method> {
  const { spec } = bundle.manifest;
  const pipeline = await openPipeline(bundle);
  return {
    async run({ canvas }) {
      const result = await pipeline.run(canvas, regions);
      const failed = result.outcomes.find(({ status }) => status === "failed");
      if (failed?.status === "failed") throw failed.problem;
      const { scores, fused, saliency } = result;
      const boxes = result.regions.map(({ box }) => box);
      return new Map([
        [GLAM, { scores, maps: bytesOf(wholeMap(fused)), regions: boxes }],
        [COARSE, { scores, maps: bytesOf(resizeNearest(saliency, spec.canvas)), regions: boxes }],
      ]);
    },
    release: pipeline.release,
  };
}

/** The coarse saliency alone, which answers of {@link overHttp} do not have. */
export async function coarseInProcess({ manifest: { spec }, files }: Bundle, regions = spec.regions): Promise<Method> {
  const network = await toolRuntime.globalNetwork(files.global, spec);
  return {
    async run({ canvas }) {
      const maps = await network.run(globalInput(canvas));
      const saliency = fuseSaliency(maps, spec);
      const boxes = chooseRegions(saliency, spec, regions).regions.map(({ box }) => box);
      const coarse = bytesOf(resizeNearest(saliency, spec.canvas));
      return new Map([[COARSE, { scores: imageScores(maps, spec), maps: coarse, regions: boxes }]]);
    },
    release: () => network.release(),
  };
}

/** Both classes as the API answers them: grey = round(255 * probability). */
export function bytesOf({ height, width, data }: ClassMaps): Record<Kind, ByteMap> {
  const cells = height * width;
  const [benign, malignant] = kinds.map((_, c): ByteMap => {
    const bytes = new Uint8Array(cells);
    for (let i = 0; i < cells; i++) bytes[i] = Math.round(255 * data[c * cells + i]);
    return { height, width, data: bytes };
  });
  return { benign, malignant };
}
