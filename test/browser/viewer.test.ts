/** The viewer: the original's pixels, what is drawn over them, and what the list of regions says. */
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { decode, encode } from "fast-png";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import type { Segmentation } from "../../src/contract/index.ts";
import { generatePhantom } from "../../src/phantom/index.ts";
import { downloadFrom, dropFiles, noBrowser, screens } from "../support/browser.ts";
import { servedPage } from "../support/served-page.ts";
import { brightAtTheRight, colours } from "../support/viewer-pixels.ts";

const pictures = fileURLToPath(new URL("../../out/page", import.meta.url));
if (noBrowser) console.warn(`skipped: ${noBrowser}`);

/** A scanned film, eight times as fine as the model's canvas, with its label beyond the breast; a right breast, so it is mirrored. */
const film = generatePhantom({
  seed: 21,
  height: 1024,
  width: 768,
  bits: 8,
  view: "L-CC",
  framed: true,
  lesions: ["malignant"],
});
const { height, width, pixels: data } = film;
const png = Buffer.from(encode({ height, width, data, channels: 1, depth: 8 }));

/** How many grey values a row through the middle of the viewer has next to each other. */
const greysInTheMiddle = (page: Page) =>
  page
    .locator(".surface canvas")
    .first()
    .evaluate((element) => {
      const { height, width } = element as HTMLCanvasElement;
      const context = (element as HTMLCanvasElement).getContext("2d");
      const { data } = context?.getImageData(0, Math.floor(height / 2), width, 1) ?? { data: [] };
      let changes = 0;
      for (let i = 4; i < data.length; i += 4) if (data[i] !== data[i - 4]) changes++;
      return changes;
    });

describe.skipIf(noBrowser)("the viewer in the browser", () => {
  const served = servedPage();
  beforeAll(async () => {
    await mkdir(pictures, { recursive: true });
  });

  const openFilm = async () => {
    const opened = await served.open(screens.desktop);
    await opened.page.getByRole("button", { name: "Surprise me" }).waitFor();
    await dropFiles(opened.page, [{ name: "film_L-CC.png", bytes: png }]);
    const segment = opened.page.getByRole("button", { name: "Segment", exact: true });
    await expect.poll(() => segment.isEnabled(), { timeout: 60_000 }).toBe(true);
    await opened.page.waitForTimeout(200);
    return { ...opened, segment };
  };

  test("shows the original's pixels with all that is in it; a key shows the model's input in the same place", async () => {
    const { page, complaints } = await openFilm();
    // The film's border and label are part of the original, and of nothing that the model sees.
    await page.screenshot({ path: `${pictures}/desktop-original.png` });
    const surface = page.locator(".surface");
    await surface.focus();
    expect(await brightAtTheRight(page, 0.5)).toBeGreaterThan(1000);
    const whole = await colours(page);
    for (let i = 0; i < 8; i++) await page.keyboard.press("+");
    await page.waitForTimeout(200);
    const fine = await greysInTheMiddle(page);
    await page.keyboard.press("m");
    await page.waitForTimeout(200);
    expect(await page.getByRole("button", { name: "Model input" }).getAttribute("aria-pressed")).toBe("true");
    // The canvas has an eighth of the pixels of each row.
    expect(await greysInTheMiddle(page)).toBeLessThan(fine / 2);
    await page.screenshot({ path: `${pictures}/desktop-model-input.png` });
    await page.keyboard.press("0");
    await page.waitForTimeout(200);
    expect(await brightAtTheRight(page, 0.2)).toBe(0);
    await page.keyboard.press("m");
    await page.waitForTimeout(200);
    expect(await colours(page)).toEqual(whole);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("a key hides the fill, another one all that is drawn over the image", async () => {
    const { page, segment } = await openFilm();
    const plain = await colours(page);
    await segment.click();
    await page.getByRole("heading", { name: "Download" }).waitFor({ timeout: 60_000 });
    // So low that nearly the whole map is filled and outlined, whatever the networks say.
    await page.getByRole("slider", { name: /Contour threshold/ }).fill("0.05");
    await page.getByRole("slider", { name: /Fill opacity/ }).fill("1");
    const surface = page.locator(".surface");
    await surface.focus();
    await page.waitForTimeout(200);
    const filled = await colours(page);
    await page.keyboard.press("f");
    await page.waitForTimeout(200);
    const outlined = await colours(page);
    expect(await page.getByRole("checkbox", { name: "Fill" }).isChecked()).toBe(false);
    expect(filled.orange + filled.blue).toBeGreaterThan(3 * (outlined.orange + outlined.blue));
    expect(outlined.orange + outlined.blue).toBeGreaterThan(0);
    await page.keyboard.press("h");
    await page.waitForTimeout(200);
    expect(await colours(page)).toEqual(plain);
    await page.context().close();
  });

  test("the list of regions says the largest values of the fused map, not of the local one", async () => {
    const { page, segment } = await openFilm();
    await segment.click();
    await page.getByRole("heading", { name: "Download" }).waitFor({ timeout: 60_000 });
    const { bytes } = await downloadFrom(page, /JSON/);
    const { answer }: { answer: Segmentation } = JSON.parse(new TextDecoder().decode(bytes));
    const { saliency, regions } = answer;
    if (!saliency) throw new Error("The answer has no maps.");
    let unlike = 0;
    for (const region of regions) {
      const { top, left, height, width } = region.box;
      const most = (name: "benign" | "malignant") => {
        const map = decode(Buffer.from(saliency[name].data, "base64"));
        let largest = 0;
        for (let y = Math.max(0, top); y < Math.min(map.height, top + height); y++)
          for (let x = Math.max(0, left); x < Math.min(map.width, left + width); x++)
            largest = Math.max(largest, map.data[y * map.width + x]);
        return (largest / 255).toFixed(2);
      };
      const button = page.getByRole("button", { name: new RegExp(`^Region ${region.rank + 1}\\b`) });
      expect((await button.textContent())?.replaceAll(/\s+/g, " ")).toContain(
        `malignant ${most("malignant")}benign ${most("benign")}`,
      );
      if (region.status === "complete" && region.localMaximum.malignant.toFixed(2) !== most("malignant")) unlike++;
    }
    expect(unlike).toBeGreaterThan(0);
    await page.context().close();
  });
});
