/**
 * @module
 * Mammograms photographed with a phone: a film on a light box, and an image on a screen.
 */
import type { Random } from "../../src/phantom/random.ts";
import { blur, draw, type Level, type Raster, sampler } from "./raster.ts";

/** How the picture was taken; lengths are shares of the picture's width or height. */
type Shot = {
  /** Levels of the film where it is 0 and where it is 255: no light box and no screen is quite dark. */
  black: number;
  white: number;
  /** Largest shift of a corner. */
  tilt: number;
  /** Room around the film. */
  margin: number;
  blur: number;
  noise: number;
};

/** A film on a light box: bright around the film, uneven light, a glare, and some blur. */
export function photographedFilm(film: Raster, random: Random): Raster {
  const shot = {
    black: 22,
    white: 215,
    tilt: 0.05,
    margin: 0.05,
    blur: random.below(2) + 1,
    noise: random.uniform(0.5, 2.5),
  };
  const box = random.uniform(190, 235);
  return photograph(film, shot, () => box, random);
}

/** An image on a screen: a dark frame, uneven light, and the moire of the screen's pixels with the camera's. */
export function photographedScreen(image: Raster, random: Random): Raster {
  const shot = { black: 14, white: 205, tilt: 0.04, margin: 0.03, blur: 1, noise: random.uniform(0.5, 2.5) };
  const frame = random.uniform(4, 18);
  const picture = photograph(image, shot, () => frame, random);
  const waves = [wave(random), wave(random)];
  const strength = random.uniform(0.04, 0.1);
  return draw(picture, (y, x) => {
    const level = picture.levels[y * picture.width + x];
    return level * waves.reduce((product, at) => product * (1 + strength * at(y, x)), 1);
  });
}

/** Stripes 6 to 20 pixels apart, in any direction. */
function wave(random: Random): Level {
  const angle = random.uniform(0, Math.PI);
  const frequency = (2 * Math.PI) / random.uniform(6, 20);
  const [fy, fx] = [frequency * Math.sin(angle), frequency * Math.cos(angle)];
  return (y, x) => Math.sin(fy * y + fx * x);
}

function photograph(film: Raster, shot: Shot, around: Level, random: Random): Raster {
  const { height, width } = film;
  const place = perspective(film, shot, random);
  const at = sampler(film, Number.NaN);
  const light = unevenLight(film, random);
  const picture = draw(film, (y, x) => {
    const [v, u] = place(y, x);
    const level = at(v, u);
    const seen = Number.isNaN(level) ? around(y, x) : shot.black + (level / 255) * (shot.white - shot.black);
    return seen * light(y, x);
  });
  const glare = spot(height, width, random);
  const blurred = blur(picture, shot.blur);
  return draw(film, (y, x) => blurred.levels[y * width + x] + glare(y, x) + shot.noise * random.normal());
}

/** From a place of the picture to one of the film: a bilinear mix of four shifted corners. */
function perspective({ height, width }: Raster, { tilt, margin }: Shot, random: Random) {
  const shift = () => random.uniform(-tilt, tilt) - margin;
  const [top, left, bottom, right] = [shift(), shift(), shift(), shift()];
  const [skewY, skewX] = [random.uniform(-tilt, tilt), random.uniform(-tilt, tilt)];
  return (y: number, x: number): [number, number] => {
    const [v, u] = [y / (height - 1), x / (width - 1)];
    const row = top + v * (1 - top - bottom) + skewY * (u - 0.5) * (1 + v);
    const col = left + u * (1 - left - right) + skewX * (v - 0.5) * (1 + u);
    return [row * (height - 1), col * (width - 1)];
  };
}

/** A factor that falls to one side. */
function unevenLight({ height, width }: Raster, random: Random): Level {
  const angle = random.uniform(0, 2 * Math.PI);
  const depth = random.uniform(0.3, 0.6);
  const [dy, dx] = [Math.sin(angle), Math.cos(angle)];
  return (y, x) => 1 - depth * (0.5 + dy * (y / height - 0.5) + dx * (x / width - 0.5));
}

/** The mirror image of a lamp. */
function spot(height: number, width: number, random: Random): Level {
  const [cy, cx] = [random.uniform(0.2, 0.8) * height, random.uniform(0.1, 0.6) * width];
  const [ry, rx] = [random.uniform(0.05, 0.12) * height, random.uniform(0.05, 0.2) * width];
  const brightness = random.uniform(60, 160);
  return (y, x) => brightness * Math.exp(-(((y - cy) / ry) ** 2) - ((x - cx) / rx) ** 2);
}
