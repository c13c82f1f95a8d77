/**
 * @module
 * The fused map while regions arrive: the coarse saliency's share at first, then one region after the other. The fusion is the
 * service's, so its own map equals the last one.
 */
import type { ClassMapsAnswer } from "../../src/contract/answer.ts";
import type { ServiceEvent } from "../../src/device/client/index.ts";
import { decodeMap } from "../../src/device/client/maps.ts";
import type { ClassMaps, LocalMap } from "../../src/glam/contracts.ts";
import { mergeMaps } from "../../src/glam/merge.ts";
import type { Spec } from "../../src/glam/spec.ts";
import type { LiveMaps } from "./protocol.ts";

/** Takes events and gives the map after each; undefined where an event changes nothing. */
export function createLiveMaps(spec: Spec): (event: ServiceEvent) => LiveMaps | undefined {
  let locals: LocalMap[] = [];
  let saliency: ClassMaps | undefined;
  return (event) => {
    if (event.event === "global") {
      saliency = probabilities(event.data.saliency);
      locals = [];
    } else if (event.event === "region" && event.data.map) {
      const { height: side, data } = probabilities(event.data.map);
      locals.push({ region: event.data.region, side, data });
    } else return undefined;
    return saliency && toLevels(mergeMaps(saliency, locals, spec));
  };
}

/** Maps of an answer as they travelled. */
export const readMaps = ({ benign, malignant }: ClassMapsAnswer): LiveMaps => ({
  height: benign.height,
  width: benign.width,
  benign: decodeMap(benign),
  malignant: decodeMap(malignant),
});

/** `[2, h, w]`, probability. */
function probabilities(maps: ClassMapsAnswer): ClassMaps {
  const { height, width, benign, malignant } = readMaps(maps);
  const data = new Float32Array(2 * height * width);
  for (let i = 0; i < benign.length; i++) {
    data[i] = benign[i] / 255;
    data[i + benign.length] = malignant[i] / 255;
  }
  return { height, width, data };
}

function toLevels({ height, width, data }: ClassMaps): LiveMaps {
  const cells = height * width;
  const levels = (start: number): Uint8Array => {
    const out = new Uint8Array(cells);
    for (let i = 0; i < cells; i++) out[i] = Math.round(255 * data[start + i]);
    return out;
  };
  return { height, width, benign: levels(0), malignant: levels(cells) };
}
