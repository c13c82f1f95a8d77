import { describe, expect, it } from "vitest";
import { generatePhantom, type Phantom, views } from "../../phantom/index.ts";
import { testSpec } from "./fixture.ts";
import { type Preprocessed, preprocess } from "./index.ts";

const size = { height: 368, width: 240 };
const spec = { ...testSpec(size.height, size.width, 12, 6), pixelSpacing: 0.56 };

/** Foreground and grey of the source under the canvas: what differs between two canvases of the same breast. */
function compare(phantom: Phantom, a: Preprocessed, b: Preprocessed) {
  const at = ({ canvas, toCanvas }: Preprocessed, y: number, x: number) => {
    const { row, col } = toCanvas(y, x);
    const inside = row >= 0 && col >= 0 && row < size.height && col < size.width;
    return inside ? canvas.pixels[row * size.width + col] : 0;
  };
  let [both, either, different, gained] = [0, 0, 0, 0];
  for (let y = 0; y < phantom.height; y++) {
    for (let x = 0; x < phantom.width; x++) {
      const [p, q] = [at(a, y, x), at(b, y, x)];
      if (p > 0 || q > 0) either++;
      if (p > 0 && q > 0) both++;
      if (p > 0 && q > 0 && p !== q) different++;
      if (p === 0 && q > 0) gained++;
    }
  }
  return { overlap: both / either, different: different / both, gained: gained / either };
}

describe("phantoms", () => {
  it.each(views)("%s: the reference path as it is, and the same breast on a film with border and label", (view) => {
    for (const seed of [20 + views.indexOf(view)]) {
      const options = { seed, ...size, bits: seed % 2 === 0 ? 8 : 12, view };
      const clean = generatePhantom(options);
      const plain = preprocess(clean, spec, { view, pixelSpacing: clean.pixelSpacing });
      expect(plain.steps.background).toBe("zero");
      expect(plain.mirrored).toBe(view.startsWith("R"));
      expect(plain.scale).toBe(1);
      expect(plain.warnings).toEqual([]);
      const film = preprocess(generatePhantom({ ...options, framed: true }), spec, { view });
      expect(film.steps.background).toBe("film");
      expect(film.mirrored).toBe(plain.mirrored);
      expect(film.warnings.map(({ code }) => code)).toEqual(["film-background-removed"]);
      const { overlap, different, gained } = compare(clean, plain, film);
      expect(overlap).toBeGreaterThan(0.96);
      // Tape and the border's lower strip lie over the breast in places.
      expect(different).toBeLessThan(0.01);
      expect(gained).toBeLessThan(0.01);
      for (const { centre } of clean.lesions) {
        const { row, col } = film.toCanvas(Math.round(centre.row), Math.round(centre.col));
        expect(film.canvas.pixels[row * size.width + col]).toBeGreaterThan(0);
      }
    }
  });
});
