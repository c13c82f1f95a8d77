/**
 * @module
 * Curved lines: Cooper's ligaments and ducts that run towards the nipple, and a few vessels. Thin lines are what makes a
 * spiculated lesion hard to tell from normal tissue, so there are many.
 */
import type { Anatomy } from "./anatomy.ts";
import { distanceAt } from "./outline.ts";
import { atan2, cos, exp, sin } from "./portable-math.ts";
import { createRandom, type Random } from "./random.ts";

/** Where lines are drawn: `[height, width]` row-major brightness, `spacing` mm a pixel. */
export type Layer = { height: number; width: number; spacing: number; data: Float32Array };

const PROFILE_STEPS = 256;
/** exp(-q) for q from 0 to 4, by steps. */
const profile = Float32Array.from({ length: PROFILE_STEPS + 1 }, (_, i) => exp((-4 * i) / PROFILE_STEPS));

/** Stamps a round Gaussian spot, centre and sigma in mm; where spots overlap the brightest counts. */
export function stampSpot(layer: Layer, x: number, y: number, sigma: number, amplitude: number): void {
  const { spacing, width, height, data } = layer;
  // A line thinner than the pixels would flicker: widen it and keep its total brightness.
  const wide = Math.max(sigma, 0.45 * spacing);
  const peak = (amplitude * sigma) / wide;
  const reach = 2.8 * wide;
  const scale = PROFILE_STEPS / (8 * wide * wide);
  const firstRow = Math.max(0, Math.ceil((y - reach) / spacing - 0.5));
  const lastRow = Math.min(height - 1, Math.floor((y + reach) / spacing - 0.5));
  const firstColumn = Math.max(0, Math.ceil((x - reach) / spacing - 0.5));
  const lastColumn = Math.min(width - 1, Math.floor((x + reach) / spacing - 0.5));
  for (let row = firstRow; row <= lastRow; row++) {
    const dy = (row + 0.5) * spacing - y;
    for (let column = firstColumn; column <= lastColumn; column++) {
      const dx = (column + 0.5) * spacing - x;
      const q = (dx * dx + dy * dy) * scale;
      if (q >= PROFILE_STEPS) continue;
      const value = peak * profile[q | 0];
      const i = row * width + column;
      if (value > data[i]) data[i] = value;
    }
  }
}

type Line = { x: number; y: number; heading: number; length: number; sigma: number; amplitude: number; bend: number };

/** Draws a line that tapers at both ends and wanders by `bend` radians per mm. */
export function drawLine(layer: Layer, random: Random, line: Line): void {
  const step = Math.max(layer.spacing, 0.6 * line.sigma);
  const steps = Math.ceil(line.length / step);
  let { x, y, heading } = line;
  let turn = random.uniform(-1, 1) * line.bend;
  for (let i = 0; i <= steps; i++) {
    const t = i / steps;
    const taper = Math.min(1, 5 * t, 3 * (1 - t));
    stampSpot(layer, x, y, line.sigma * (0.6 + 0.4 * taper), line.amplitude * taper);
    turn += (random.normal() * 0.3 * line.bend - 0.06 * turn) * Math.sqrt(step);
    heading += turn * step;
    x += cos(heading) * step;
    y += sin(heading) * step;
  }
}

/** The layer of all ligaments, ducts and vessels of one breast. */
export function drawStrands(anatomy: Anatomy, seed: number, height: number, width: number): Layer {
  const random = createRandom(seed, "strands");
  const layer: Layer = { height, width, spacing: anatomy.height / height, data: new Float32Array(height * width) };
  const { nipple, axis, depth } = anatomy;
  const inward = atan2(axis.y, axis.x);
  for (let i = 0; i < 260; i++) {
    const x = random.uniform(0, depth + 4);
    const y = random.uniform(0, anatomy.height);
    const outward = atan2(nipple.y - y, nipple.x - x);
    const aimed = random.chance(0.75);
    const heading = aimed ? outward + 0.3 * random.normal() : random.uniform(0, 6.2831853);
    const amplitude = random.uniform(0.02, 0.085);
    const sigma = random.uniform(0.16, 0.5);
    const length = random.uniform(8, 42);
    const bend = random.uniform(0.01, 0.05);
    if (distanceAt(anatomy.skin, x, y) < 1) continue;
    drawLine(layer, random, { x, y, heading, length, sigma, amplitude, bend });
  }
  const vessels = 3 + random.below(5);
  for (let i = 0; i < vessels; i++) {
    const start = random.uniform(-0.6, 0.6);
    const from = { x: nipple.x + axis.x * 12, y: nipple.y + axis.y * 12 + 30 * start };
    drawLine(layer, random, {
      ...from,
      heading: inward + start * 1.1,
      length: random.uniform(45, 110),
      sigma: random.uniform(0.45, 0.85),
      amplitude: random.uniform(0.05, 0.11),
      bend: 0.02,
    });
  }
  return layer;
}

/** A few single bright specks, as dust and harmless calcifications leave: one speck is no cluster. */
export function drawStraySpecks(layer: Layer, anatomy: Anatomy, random: Random): void {
  const specks: Layer = { ...layer, data: new Float32Array(layer.data.length) };
  for (let i = random.below(5); i > 0; i--) {
    const x = random.uniform(3, anatomy.depth);
    const y = random.uniform(10, anatomy.height - 10);
    const sigma = random.uniform(0.13, 0.32);
    const amplitude = random.uniform(0.1, 0.35);
    if (distanceAt(anatomy.skin, x, y) > 4) stampSpot(specks, x, y, sigma, amplitude);
  }
  for (let i = 0; i < layer.data.length; i++) {
    if (layer.data[i] > 0) layer.data[i] += specks.data[i];
  }
}
