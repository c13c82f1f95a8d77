/**
 * @module
 * Masses: benign ones have a smooth, sharp margin and an even inside; malignant ones an irregular, blurred margin, a dense core
 * and, when spiculated, rays. Margin and shape tell them apart, not brightness.
 */
import { createPatch, type LesionPatch } from "./lesion-patch.ts";
import type { PlannedLesion } from "./lesion-plan.ts";
import { createNoiseTile, sampleTile } from "./noise-tile.ts";
import { atan2, cos, sin, smoothstep } from "./portable-math.ts";
import type { Random } from "./random.ts";
import { drawLine, type Layer } from "./strands.ts";

const ANGLES = 512;
const TURN = 6.283185307179586;

/** Radius of the margin over the angle, `ANGLES` entries, in units of the mean radius. */
function margin(random: Random, plan: PlannedLesion): Float32Array {
  const rho = new Float32Array(ANGLES).fill(1);
  const wave = (order: number, amplitude: number) => {
    const phase = random.uniform(0, TURN);
    for (let k = 0; k < ANGLES; k++) rho[k] += amplitude * cos((order * TURN * k) / ANGLES + phase);
  };
  if (plan.sub === "round") {
    wave(2, random.uniform(0, 0.05));
    wave(3, random.uniform(0, 0.03));
  } else if (plan.sub === "oval") {
    const phase = random.uniform(0, TURN);
    const aspect = random.uniform(1.3, 1.75);
    const [a, b] = [Math.sqrt(aspect), 1 / Math.sqrt(aspect)];
    for (let k = 0; k < ANGLES; k++) {
      const angle = (TURN * k) / ANGLES + phase;
      const [c, s] = [cos(angle) / a, sin(angle) / b];
      rho[k] = 1 / Math.sqrt(c * c + s * s);
    }
    wave(3, random.uniform(0, 0.04));
  } else if (plan.sub === "lobulated") {
    wave(2, random.uniform(0.05, 0.12));
    wave(3, random.uniform(0.06, 0.13));
    wave(4, random.uniform(0.03, 0.08));
  } else {
    const rough = plan.sub === "spiculated" ? 0.6 : 1;
    for (let order = 2; order <= 11; order++)
      wave(order, (rough * random.uniform(0.12, 0.34)) / Math.sqrt(order * order - 1));
  }
  for (let k = 0; k < ANGLES; k++) rho[k] = Math.min(1.6, Math.max(0.45, rho[k]));
  return rho;
}

/** Fills the patch with the body of the mass. */
function drawBody(layer: Layer, random: Random, plan: PlannedLesion, patch: LesionPatch): void {
  const benign = plan.kind === "benign";
  const rho = margin(random, plan);
  // Width of the margin in mm: benign sharp, malignant blurred.
  const blur = benign ? random.uniform(0.9, 1.9) : plan.radius * random.uniform(0.35, 0.6) + 0.8;
  const dome = benign ? random.uniform(0.25, 0.55) : random.uniform(0.35, 0.6);
  const halo = benign && random.chance(0.5) ? random.uniform(0.08, 0.22) : 0;
  const uneven = benign ? 0.03 : random.uniform(0.1, 0.2);
  const cover = benign ? 0.35 : 0.25;
  const seed = random.bits();
  const texture = createNoiseTile({
    seed,
    stream: "mass",
    beta: 2.6,
    coarse: 12.8,
    fine: Math.max(0.4, layer.spacing),
  });
  for (let row = 0; row < patch.height; row++) {
    const dy = (patch.top + row + 0.5) * layer.spacing - plan.y;
    for (let column = 0; column < patch.width; column++) {
      const dx = (patch.left + column + 0.5) * layer.spacing - plan.x;
      const distance = Math.sqrt(dx * dx + dy * dy);
      const angle = Math.floor(((atan2(dy, dx) / TURN + 1) % 1) * ANGLES) & (ANGLES - 1);
      const edge = rho[angle] * plan.radius;
      const r = distance / edge;
      const inside = smoothstep(0.5, -0.5, (distance - edge) / blur);
      const grain = 1 + uneven * sampleTile(texture, dx + 20, dy + 20);
      const k = row * patch.width + column;
      patch.add[k] = inside * (1 - dome + dome * Math.sqrt(Math.max(0, 1 - 0.9 * r * r))) * grain;
      patch.cover[k] = inside * cover;
      if (halo > 0 && distance > edge) {
        const ring = (distance - edge - 0.9) / 0.9;
        patch.add[k] -= halo * Math.max(0, 1 - ring * ring);
      }
    }
  }
}

/** Draws rays from the core outwards into the patch. */
function drawSpicules(layer: Layer, random: Random, plan: PlannedLesion, patch: LesionPatch): void {
  const rays: Layer = {
    height: patch.height,
    width: patch.width,
    spacing: layer.spacing,
    data: new Float32Array(patch.add.length),
  };
  const x0 = plan.x - patch.left * layer.spacing;
  const y0 = plan.y - patch.top * layer.spacing;
  const strong = plan.sub === "spiculated";
  const count = strong ? 16 + random.below(14) : 5 + random.below(6);
  for (let i = 0; i < count; i++) {
    const angle = ((i + random.uniform(-0.8, 0.8)) / count) * TURN;
    const start = 0.45 * plan.radius;
    drawLine(rays, random, {
      x: x0 + start * cos(angle),
      y: y0 + start * sin(angle),
      heading: angle + 0.15 * random.normal(),
      length: plan.radius * (strong ? random.uniform(0.6, 2.1) : random.uniform(0.6, 1.2)),
      sigma: random.uniform(0.18, 0.36) + 0.02 * plan.radius,
      amplitude: random.uniform(0.25, 0.65),
      bend: 0.02,
    });
  }
  for (let k = 0; k < patch.add.length; k++) {
    const [a, b] = [patch.add[k], rays.data[k]];
    // Like two sheets of tissue: the thicker one counts most, the other adds a little.
    patch.add[k] = Math.max(a, b) + 0.35 * Math.min(a, b);
  }
}

/** Share of the peak above which a pixel belongs to the lesion. */
const MASK_LEVEL = 0.3;

/** Draws a mass; its mask is where it adds at least 30 % of its peak. */
export function drawMass(layer: Layer, random: Random, plan: PlannedLesion): LesionPatch {
  const patch = createPatch(layer, plan.x, plan.y, plan.reach + 4);
  drawBody(layer, random, plan, patch);
  if (plan.kind === "malignant") drawSpicules(layer, random, plan, patch);
  let peak = 0;
  for (const value of patch.add) peak = Math.max(peak, value);
  const reach2 = plan.reach * plan.reach;
  for (let k = 0; k < patch.add.length; k++) {
    patch.add[k] /= peak;
    const dy = (patch.top + Math.floor(k / patch.width) + 0.5) * layer.spacing - plan.y;
    const dx = (patch.left + (k % patch.width) + 0.5) * layer.spacing - plan.x;
    patch.mask[k] = patch.add[k] >= MASK_LEVEL && dx * dx + dy * dy <= reach2 ? 1 : 0;
  }
  return patch;
}
