/**
 * @module
 * The fused map while it grows: half of the coarse saliency at first, then one region after the other, and the service's own
 * map at the end. The same fusion as the service's, so nothing jumps when the answer comes.
 */
import { decode } from "fast-png";
import type { ClassMapsAnswer, ProbabilityMap, SegmentationEvent } from "../../src/api/schemas.ts";
import type { ClassMaps } from "../../src/glam/contracts.ts";
import { type LocalMap, mergeMaps } from "../../src/glam/merge.ts";
import type { Spec } from "../../src/glam/spec.ts";
import type { LiveMaps } from "./protocol.ts";

/** Takes events and says how the map looks after each; undefined where an event changes nothing. */
export function createLiveMaps(spec: Spec): (event: SegmentationEvent) => LiveMaps | undefined {
  const locals: LocalMap[] = [];
  let saliency: ClassMaps | undefined;
  return (event) => {
    if (event.event === "result") return event.data.saliency && exactMaps(event.data.saliency);
    if (event.event === "global") saliency = readMaps(event.data.saliency);
    else if (event.event === "region" && event.data.map) {
      const { height: side, data } = readMaps(event.data.map);
      locals.push({ region: event.data.region, side, data });
    } else return undefined;
    return saliency && toLevels(mergeMaps(saliency, locals, spec));
  };
}

/** Grey levels of one map, `[height, width]`. */
function levelsOf(map: ProbabilityMap): Uint8Array {
  const file = Uint8Array.from(atob(map.data), (character) => character.charCodeAt(0));
  return Uint8Array.from(decode(file).data);
}

const exactMaps = (maps: ClassMapsAnswer): LiveMaps => ({
  height: maps.benign.height,
  width: maps.benign.width,
  benign: levelsOf(maps.benign),
  malignant: levelsOf(maps.malignant),
});

/** `[2, h, w]`, probability. */
function readMaps(maps: ClassMapsAnswer): ClassMaps {
  const { height, width, benign, malignant } = exactMaps(maps);
  const data = new Float32Array(2 * height * width);
  for (let i = 0; i < benign.length; i++) {
    data[i] = benign[i] / 255;
    data[i + benign.length] = malignant[i] / 255;
  }
  return { height, width, data };
}

function toLevels({ height, width, data }: ClassMaps): LiveMaps {
  const cells = height * width;
  const levels = (start: number) => Uint8Array.from({ length: cells }, (_, i) => Math.round(255 * data[start + i]));
  return { height, width, benign: levels(0), malignant: levels(cells) };
}
