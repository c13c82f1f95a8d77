/**
 * @module
 * The keyboard in a viewport.
 */
import type { Display } from "../state/exam.ts";
import { type Frame, panBy, type Viewpoint, wholeImage, zoomAt } from "./viewpoint.ts";

/** One press of an arrow moves by this share of the viewport. */
const STEP = 0.12;

/** The keys in words, for screen readers and users without a mouse. */
export const keyHelp =
  "Plus and minus zoom, arrow keys move, 0 shows the whole image, I inverts, digits show a region, Escape shows all images. " +
  "F hides the fill, H hides everything drawn over the image, M shows the model's input instead of the original, N hides name and date, K shows the lesions that a sample is known to have.";

/** The display that a key toggles; undefined for other keys. */
export function displayAfterKey(key: string, display: Display): Partial<Display> | undefined {
  switch (key.toLowerCase()) {
    case "f":
      return { heat: !display.heat };
    case "h":
      return { marks: !display.marks };
    case "k":
      return { known: !display.known };
    case "i":
      return { invert: !display.invert };
    case "m":
      return { original: !display.original };
    case "n":
      return { names: !display.names };
    default:
      return undefined;
  }
}

/** The viewpoint after a key; undefined for other keys. */
export function viewAfterKey(key: string, view: Viewpoint, frame: Frame): Viewpoint | undefined {
  const { height, width } = frame.viewport;
  const middle = { x: width / 2, y: height / 2 };
  switch (key) {
    case "+":
    case "=":
      return zoomAt(middle, 1.3, view, frame);
    case "-":
    case "_":
      return zoomAt(middle, 1 / 1.3, view, frame);
    case "0":
    case "Home":
      return wholeImage(frame);
    case "ArrowLeft":
      return panBy(width * STEP, 0, view, frame);
    case "ArrowRight":
      return panBy(-width * STEP, 0, view, frame);
    case "ArrowUp":
      return panBy(0, height * STEP, view, frame);
    case "ArrowDown":
      return panBy(0, -height * STEP, view, frame);
    default:
      return undefined;
  }
}
