/** The order on a phone, and the printed report. */
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { encode } from "fast-png";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { generatePhantom, type View } from "../../src/phantom/index.ts";
import { dropFiles, noBrowser, screens } from "../support/browser.ts";
import { mammogramFile } from "../support/dicom-mammogram.ts";
import { servedPage } from "../support/served-page.ts";

const pictures = fileURLToPath(new URL("../../out/page", import.meta.url));
if (noBrowser) console.warn(`skipped: ${noBrowser}`);

const phantom = (view: View) => generatePhantom({ seed: 3, height: 128, width: 96, bits: 12, view }).pixels;
const file = (view: View) => ({
  name: `Secret-${view}`,
  bytes: mammogramFile({ height: 128, width: 96, bits: 12, pixels: phantom(view) }, { view, pixelSpacing: 1.6 }),
});
const film = generatePhantom({ seed: 21, height: 512, width: 384, bits: 8, view: "L-CC", framed: true });
const png = Buffer.from(encode({ height: 512, width: 384, data: film.pixels, channels: 1, depth: 8 }));

const pagesOf = (pdf: Buffer) => pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;

describe.skipIf(noBrowser)("a phone and a printer", () => {
  const served = servedPage();
  beforeAll(async () => {
    await mkdir(pictures, { recursive: true });
  });

  const segmented = async (files: { name: string; bytes: Uint8Array }[], screen: keyof typeof screens) => {
    const { page } = await served.open(screens[screen]);
    await page.getByRole("button", { name: "Surprise me" }).waitFor();
    await dropFiles(page, files);
    const name = files.length === 1 ? "Segment" : `Segment ${files.length} images`;
    await page.getByRole("button", { name, exact: true }).click({ timeout: 60_000 });
    await expect.poll(() => page.locator(".card").count()).toBe(files.length);
    await expect.poll(() => page.getByRole("button", { name: "Cancel" }).count(), { timeout: 60_000 }).toBe(0);
    await page.getByRole("heading", { name: "Download" }).waitFor({ timeout: 60_000 });
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(200);
    return page;
  };
  const topOf = async (page: Page, selector: string) =>
    (await page.locator(selector).first().boundingBox())?.y ?? Number.NaN;

  test("phone: view and warnings come before the results, and within two screens, of one image and of four", async () => {
    const page = await segmented([{ name: "film_L-CC.png", bytes: png }], "phone");
    const results = await topOf(page, ".results");
    expect(await topOf(page, ".card .fields")).toBeLessThan(results);
    expect(await topOf(page, ".card .note.warning")).toBeLessThan(results);
    expect(results).toBeLessThan(2 * 844);
    await page.screenshot({ path: `${pictures}/phone-order.png`, fullPage: true });
    await page.context().close();

    const four = await segmented((["R-CC", "L-CC", "R-MLO", "L-MLO"] as const).map(file), "phone");
    expect(await topOf(four, ".card.active .fields")).toBeLessThan(await topOf(four, ".results"));
    expect(await topOf(four, ".results")).toBeLessThan(2.2 * 844);
    expect(await four.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await four.screenshot({ path: `${pictures}/phone-four-order.png`, fullPage: true });
    await four.context().close();
  });

  test.each([
    ["one image", ["L-MLO"]],
    ["four images", ["R-CC", "L-CC", "R-MLO", "L-MLO"]],
  ] as const)("%s printed: a report of one or two sheets, not a screenshot", async (_, views) => {
    const page = await segmented(views.map(file), "desktop");
    // Paper has outlines and no fill, whatever the screen shows.
    await page.getByRole("checkbox", { name: "Contours" }).uncheck();
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: false });
    await writeFile(`${pictures}/report-${views.length}.pdf`, pdf);
    expect(pagesOf(pdf)).toBeGreaterThan(0);
    expect(pagesOf(pdf)).toBeLessThanOrEqual(2);

    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const report = page.locator(".report");
    const words = (await report.textContent()) ?? "";
    expect(words).toMatch(/Research use only\. Not a medical device\./);
    expect(words).toMatch(/Secret, Patient · ID PID-0815/);
    expect(words).toMatch(/Scores are uncalibrated/);
    expect(words).toMatch(/glam-tiny/);
    expect(await page.locator("main, header.top, .viewer").filter({ visible: true }).count()).toBe(0);
    const colours = await report.locator("canvas").evaluateAll((all) =>
      all.map((one) => {
        const { width, height } = one as HTMLCanvasElement;
        const { data } = (one as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, width, height) ?? { data: [] };
        let coloured = 0;
        let grey = 0;
        for (let i = 0; i < data.length; i += 4) {
          if (Math.abs(data[i] - data[i + 2]) > 60) coloured++;
          else if (data[i] > 60) grey++;
        }
        return { coloured: coloured > 500, grey: grey > 5000 };
      }),
    );
    expect(colours).toEqual(views.map(() => ({ coloured: true, grey: true })));

    // Names that are hidden on the screen are not printed.
    await page.emulateMedia({ media: "screen" });
    await page.getByRole("checkbox", { name: /Name, date/ }).uncheck();
    expect(await report.textContent()).not.toMatch(/Secret|PID-0815/);
    await page.context().close();
  });

  test("the start screen prints dark on white", async () => {
    const { page } = await served.open(screens.desktop);
    await page.getByRole("button", { name: "Surprise me" }).waitFor();
    await page.emulateMedia({ media: "print" });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe("rgb(255, 255, 255)");
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe("rgb(17, 17, 17)");
    await page.context().close();
  });
});
