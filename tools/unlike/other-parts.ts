/**
 * @module
 * X-rays of other parts of the body, drawn: a chest and a hand.
 */

import type { Size } from "../../src/glam/spec.ts";
import type { Random } from "../../src/phantom/random.ts";
import { blur, draw, type Level, type Raster } from "./raster.ts";

/** 1 in the middle of an ellipse, 0 at its edge, below 0 outside. */
const ellipse =
  (cy: number, cx: number, ry: number, rx: number): Level =>
  (y, x) =>
    1 - Math.hypot((y - cy) / ry, (x - cx) / rx);

/** How thick a rod of a radius is at a place, 0 outside; ends are round. */
function rod(y0: number, x0: number, y1: number, x1: number, radius: number): Level {
  const [dy, dx] = [y1 - y0, x1 - x0];
  const square = dy * dy + dx * dx;
  return (y, x) => {
    const along = Math.max(0, Math.min(1, ((y - y0) * dy + (x - x0) * dx) / square));
    const away = Math.hypot(y - y0 - along * dy, x - x0 - along * dx) / radius;
    return away < 1 ? Math.sqrt(1 - away * away) : 0;
  };
}

/** A chest from the front: bright torso, dark lungs crossed by ribs, spine and heart. */
export function chest({ height, width }: Size, random: Random): Raster {
  const [middle, lift] = [width * random.uniform(0.47, 0.53), height * random.uniform(-0.04, 0.04)];
  const torso = ellipse(height * 0.62 + lift, middle, height * 0.6, width * random.uniform(0.5, 0.6));
  const lungs = [-1, 1].map((side) =>
    ellipse(height * 0.45 + lift, middle + side * width * 0.21, height * 0.28, width * random.uniform(0.13, 0.17)),
  );
  const heart = ellipse(height * 0.55 + lift, middle + width * 0.07, height * 0.14, width * 0.16);
  const gap = height * random.uniform(0.05, 0.07);
  const bow = random.uniform(0.25, 0.5);
  const level: Level = (y, x) => {
    if (torso(y, x) <= 0) return 0;
    const air = Math.max(0, ...lungs.map((lung) => Math.min(1, 4 * lung(y, x))));
    const rib = Math.max(0, Math.sin((2 * Math.PI * (y - bow * Math.abs(x - middle))) / gap)) ** 3;
    const spine = Math.max(0, 1 - Math.abs(x - middle) / (width * 0.05));
    const soft = 150 * Math.min(1, 6 * torso(y, x)) - 95 * air * (1 - Math.max(0, Math.min(1, 4 * heart(y, x))));
    return soft + 45 * rib * (0.3 + air) + 50 * spine;
  };
  return grained(blur(draw({ height, width }, level), 2), random);
}

/** A hand: four fingers, a thumb and the palm, with bones in them. */
export function hand({ height, width }: Size, random: Random): Raster {
  const [wristY, wristX] = [height * 0.95, width * random.uniform(0.4, 0.6)];
  const palm = [height * 0.62, wristX] as const;
  const spread = random.uniform(0.16, 0.22);
  const fingers = [-1.6, -0.55, 0.45, 1.45].map((k, i) => {
    const base = [palm[0] - height * 0.06, palm[1] + k * width * 0.1] as const;
    const length = height * [0.32, 0.42, 0.44, 0.36][i];
    return [...base, base[0] - length * Math.cos(k * spread), base[1] + length * Math.sin(k * spread)] as const;
  });
  const side = random.chance(0.5) ? 1 : -1;
  fingers.push([palm[0] + height * 0.08, palm[1], palm[0] - height * 0.1, palm[1] + side * width * 0.36]);
  const flesh = fingers.map(([y0, x0, y1, x1]) => rod(y0, x0, y1, x1, width * 0.05));
  flesh.push(rod(wristY + height * 0.1, wristX, palm[0], palm[1], width * 0.17));
  const bones = fingers.flatMap(([y0, x0, y1, x1]) =>
    [-0.45, 0.02, 0.45, 0.76].map((from, k) => {
      const to = [-0.04, 0.4, 0.72, 0.97][k];
      const at = (t: number) => [y0 + t * (y1 - y0), x0 + t * (x1 - x0)] as const;
      return rod(...at(from), ...at(to), width * 0.02);
    }),
  );
  const thickest = (rods: Level[], y: number, x: number) => rods.reduce((most, one) => Math.max(most, one(y, x)), 0);
  const level: Level = (y, x) => {
    const soft = thickest(flesh, y, x);
    return soft === 0 ? 0 : 95 * soft + 110 * thickest(bones, y, x);
  };
  return grained(blur(draw({ height, width }, level), 1), random);
}

/** A little noise where there is something. */
const grained = (image: Raster, random: Random): Raster =>
  draw(image, (y, x) => {
    const level = image.levels[y * image.width + x];
    return level < 4 ? 0 : level + 3 * random.normal();
  });
