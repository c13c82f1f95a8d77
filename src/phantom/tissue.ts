/**
 * @module
 * Normal tissue as a film shows it: fat, fibroglandular disc, ligaments, pectoral muscle, skin and the thinning towards the skin.
 */
import { type Anatomy, pectoralDepth } from "./anatomy.ts";
import { createNoiseTile, sampleTile } from "./noise-tile.ts";
import { distanceAt } from "./outline.ts";
import { smoothstep } from "./portable-math.ts";
import { createRandom } from "./random.ts";
import { drawStrands, type Layer } from "./strands.ts";

/** Share of full thickness that the compressed breast has `distance` mm from the skin, 0 to 1. */
export function thicknessAt(anatomy: Anatomy, distance: number): number {
  if (distance >= anatomy.roll) return 1;
  const gap = 1 - Math.max(0, distance) / anatomy.roll;
  // Between a circle's profile and its square: the film's toe darkens the thin rim.
  const square = 1 - gap * gap;
  return 0.35 * Math.sqrt(square) + 0.65 * square;
}

/**
 * Renders normal tissue.
 * @returns brightness, `[height, width]` row-major, about 0 to 1, exactly 0 outside the breast and above 0 inside
 */
export function renderTissue(anatomy: Anatomy, seed: number, height: number, width: number): Layer {
  const spacing = anatomy.height / height;
  const fine = 1.45 * spacing;
  const cloud = createNoiseTile({ seed, stream: "cloud", beta: 3.1, coarse: 51.2, fine });
  const drift = createNoiseTile({ seed, stream: "drift", beta: 4, coarse: 51.2, fine: 6.4 });
  const fan = createNoiseTile({ seed, stream: "fan", beta: 3.1, coarse: 25.6, fine: 0.7 * fine });
  const mesh = createNoiseTile({ seed, stream: "mesh", beta: 2.6, coarse: 12.8, fine: Math.max(0.4, fine) });
  const strands = drawStrands(anatomy, seed, height, width);
  const random = createRandom(seed, "tissue");
  const { axis, nipple, disc, density, skin } = anatomy;
  const fat = random.uniform(0.38, 0.48);
  const gain = random.uniform(0.24, 0.34);
  const bias = -1.45 + 1.65 * density;
  const edge = random.uniform(1.2, 2.2);
  const cloudiness = random.uniform(0.5, 0.75);
  const lobes = random.uniform(0.3, 0.6);
  const web = random.uniform(0.02, 0.055);
  const data = strands.data;
  for (let row = 0; row < height; row++) {
    const y = (row + 0.5) * spacing;
    for (let column = 0; column < width; column++) {
      const i = row * width + column;
      const x = (column + 0.5) * spacing;
      const distance = distanceAt(skin, x, y);
      if (distance <= 0) {
        data[i] = 0;
        continue;
      }
      const dx = x - nipple.x;
      const dy = y - nipple.y;
      const along = dx * axis.x + dy * axis.y;
      const across = dy * axis.x - dx * axis.y;
      // Coordinates in which lines of equal `spread` run together at the nipple.
      const spread = (across * 60) / (Math.max(along, -6) + 32);
      const a = sampleTile(cloud, x, y);
      const b = sampleTile(fan, along * 0.45, spread);
      const ridge = Math.max(0, 1 - 2.2 * Math.abs(sampleTile(mesh, along * 0.6 + 1.5 * a, spread * 0.8 + 1.5 * b)));
      const u = (along - disc.along) / disc.halfAlong;
      const v = (across - disc.across) / disc.halfAcross;
      const prior = Math.max(-3, 1 - u * u - v * v);
      const muscle = smoothstep(-1.5, 3.5, pectoralDepth(anatomy, x, y) + 1.4 * sampleTile(drift, x, y));
      const gland =
        smoothstep(-edge, edge + 0.4, 1.3 * prior + cloudiness * a + lobes * b + bias) *
        smoothstep(1.5, 10, distance + a) *
        (1 - 0.75 * muscle);
      let value = fat * (1 + 0.05 * a + 0.035 * b);
      value += gland * gain * (0.9 + 0.1 * a + 0.14 * b + 0.22 * ridge);
      value += ridge * web * (0.5 + 0.5 * gland) * (1 - 0.8 * muscle);
      value += data[i] * (0.55 + 0.6 * gland) * (1 - 0.5 * muscle);
      if (anatomy.pectoral)
        value += muscle * anatomy.pectoral.brightness * (1.1 - 0.35 * (y / anatomy.pectoral.bottom) + 0.06 * a);
      const thickness = thicknessAt(anatomy, distance);
      const rim = (distance - 0.9) / 0.6;
      data[i] = Math.max(1e-4, value * thickness + 0.05 / (1 + rim * rim * (1 + rim * rim)));
    }
  }
  return strands;
}
