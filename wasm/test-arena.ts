/**
 * @module
 * An arena for tests of kernels: maps go in and come out as plain `[channels, height, width]`.
 */

import { createArena } from "../src/edge/inference/simd/arena.ts";
import { type MapLayout, mapBytes, mapLayout, type Rows } from "../src/edge/inference/simd/feature-map.ts";
import { arenaStart, type Kernels } from "../src/edge/inference/simd/kernels.ts";
import { type KernelVariant, loadKernelModule } from "../tools/engine/load-module.ts";
import type { PlainMap } from "./reference/convolution.ts";

/** Both modules compute the same; every kernel test runs on both. */
export const variants: KernelVariant[] = ["relaxed", "plain"];

/** Kernels over a memory in which `take` finds room. */
export type TestArena = {
  kernels: Kernels;
  memory: WebAssembly.Memory;
  floats: Float32Array;
  take(bytes: number): number;
  /** Stores a map; margins and the channels that pad it are 0. */
  put(map: PlainMap): Rows;
  /** Room for a map, filled with NaN. */
  room(layout: MapLayout): Rows;
  get(rows: Rows): PlainMap;
};

/** @example const arena = await testArena("plain", 1 << 20); */
export async function testArena(variant: KernelVariant, bytes: number): Promise<TestArena> {
  const { memory, kernels, reserve } = createArena(await loadKernelModule(variant), 1 << 28);
  reserve(bytes + arenaStart);
  const floats = new Float32Array(memory.buffer);
  let next = arenaStart;
  const take = (size: number) => {
    const at = next;
    next += Math.ceil(size / 64) * 64;
    if (next > memory.buffer.byteLength) throw new Error("the test's arena is too small");
    return at;
  };
  const index = ({ layout, origin }: Rows, c: number, y: number, x: number) =>
    (origin + y * layout.rowBytes + Math.floor(c / 4) * layout.planeBytes) / 4 + (x + 1) * 4 + (c % 4);
  const room = (layout: MapLayout): Rows => {
    const origin = take(mapBytes(layout));
    floats.fill(Number.NaN, origin / 4, (origin + mapBytes(layout)) / 4);
    return { layout, origin, low: 0, high: layout.height };
  };
  const put = (map: PlainMap): Rows => {
    const rows = room(mapLayout(map));
    floats.fill(0, rows.origin / 4, (rows.origin + mapBytes(rows.layout)) / 4);
    for (let c = 0; c < map.channels; c++) {
      for (let y = 0; y < map.height; y++) {
        for (let x = 0; x < map.width; x++) {
          floats[index(rows, c, y, x)] = map.data[(c * map.height + y) * map.width + x];
        }
      }
    }
    return rows;
  };
  const get = (rows: Rows): PlainMap => {
    const { channels, height, width } = rows.layout;
    const data = new Float32Array(channels * height * width);
    for (let i = 0; i < data.length; i++) {
      const y = Math.floor(i / width) % height;
      data[i] = floats[index(rows, Math.floor(i / (height * width)), y, i % width)];
    }
    return { channels, height, width, data };
  };
  return { kernels, memory, floats, take, put, room, get };
}

/** Deterministic numbers with mean 0 and standard deviation near 1. */
export function noise(length: number, seed: number): Float32Array {
  let state = seed * 2654435761 + 1;
  return Float32Array.from({ length }, () => {
    let sum = 0;
    for (let i = 0; i < 3; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      sum += (state >>> 0) / 2 ** 32 - 0.5;
    }
    return sum * 2;
  });
}

/** Largest difference, relative to the root mean square of what is right; NaN counts as infinite. */
export function relativeError(found: Float32Array, right: Float32Array): number {
  if (found.length !== right.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  let squares = 0;
  right.forEach((value, i) => {
    const difference = Math.abs(found[i] - value);
    worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
    squares += value * value;
  });
  return worst / Math.sqrt(squares / right.length + 1e-30);
}
