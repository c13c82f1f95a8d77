/**
 * @module
 * What the page's viewer has painted, for tests.
 */
import type { Page } from "playwright-core";

/** Pixels of the first viewport's canvas by colour: orange is malignant, blue benign. */
export type Colours = { orange: number; blue: number; grey: number };

export const colours = (page: Page): Promise<Colours> =>
  page
    .locator(".surface canvas")
    .first()
    .evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      const counts = { orange: 0, blue: 0, grey: 0 };
      for (let i = 0; i < data.length; i += 4) {
        const [red, , blue] = [data[i], data[i + 1], data[i + 2]];
        if (red - blue > 60) counts.orange++;
        else if (blue - red > 60) counts.blue++;
        else if (red > 40) counts.grey++;
      }
      return counts;
    });

/** Pixels of the first viewport's canvas that are brighter than black, in the strip of this share of its width at the right. */
export const brightAtTheRight = (page: Page, share: number): Promise<number> =>
  page
    .locator(".surface canvas")
    .first()
    .evaluate((element, share) => {
      const canvas = element as HTMLCanvasElement;
      const strip = Math.ceil(canvas.width * share);
      const context = canvas.getContext("2d");
      const { data } = context?.getImageData(canvas.width - strip, 0, strip, canvas.height) ?? { data: [] };
      let bright = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i] > 60) bright++;
      return bright;
    }, share);
