/** Images of different patients or examinations: nothing is segmented or averaged until the user decides; name and date. */
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import type { GreyImage } from "../../src/device/preprocess/index.ts";
import { generatePhantom, type View } from "../../src/phantom/index.ts";
import { dropFiles, noBrowser, screens } from "../support/browser.ts";
import type { TestElements } from "../support/dicom-file.ts";
import { mammogramFile } from "../support/dicom-mammogram.ts";
import { servedPage } from "../support/served-page.ts";

const pictures = fileURLToPath(new URL("../../out/page", import.meta.url));
if (noBrowser) console.warn(`skipped: ${noBrowser}`);

const imageOf = (view: View, seed: number): GreyImage => {
  const { pixels } = generatePhantom({ seed, height: 128, width: 96, bits: 12, view });
  return { height: 128, width: 96, bits: 12, pixels };
};
/** A file of Jane Secret, or of whom `change` says. */
const file = (view: View, change: Record<string, TestElements[string]> = {}) => ({
  name: `Secret-Jane-${view}.dcm`,
  bytes: mammogramFile(
    imageOf(view, 3),
    { view, pixelSpacing: 1.6 },
    { change: { "00100010": ["PN", "Secret^Jane"], ...change } },
  ),
});
const other = { "00100020": ["LO", "PID-4711"], "00100010": ["PN", "Hidden^Mary"] } as const satisfies TestElements;
const prior = { "0020000d": ["UI", "2.25.111.9"], "00080020": ["DA", "20240203"] } as const satisfies TestElements;

const alertOf = (page: Page) => page.getByRole("alert").filter({ hasText: "Nothing is segmented until you decide" });

describe.skipIf(noBrowser)("patients in the browser", () => {
  const served = servedPage();
  beforeAll(async () => {
    await mkdir(pictures, { recursive: true });
  });

  /** Opens files, and listens to all that leaves. */
  const open = async (files: ReturnType<typeof file>[], screen: keyof typeof screens = "desktop") => {
    const opened = await served.open(screens[screen]);
    const { page } = opened;
    const left: string[] = [];
    page.on("request", (request) =>
      left.push(`${request.url()} ${request.postDataBuffer()?.toString("latin1") ?? ""}`),
    );
    await page.getByRole("button", { name: "Surprise me" }).waitFor();
    await dropFiles(page, files);
    // On a phone only the active image's pictures are shown.
    const inputs = page.locator('[aria-label="The image as the model sees it"]');
    await expect.poll(() => inputs.count(), { timeout: 60_000 }).toBe(files.length);
    return { ...opened, left };
  };
  const done = (page: Page) =>
    expect
      .poll(() => page.getByRole("button", { name: "Cancel" }).count(), { timeout: 60_000 })
      .toBe(0)
      .then(() => page.getByRole("heading", { name: "Download" }).waitFor({ timeout: 60_000 }));

  test("two patients stop the exam; kept apart they are judged and not averaged, declared one they are", async () => {
    const { page, complaints, left } = await open([file("L-CC"), file("L-MLO", other)]);
    const alert = alertOf(page);
    expect(await alert.textContent()).toMatch(/not of one patient/);
    expect(await alert.textContent()).toMatch(/differ in: patient ID, name\./);
    expect(await alert.textContent()).toMatch(/Secret, Jane · ID PID-0815 · born 1970-01-01 · examined 2026-01-02/);
    const segment = page.getByRole("button", { name: /^Segment/ });
    expect(await segment.isEnabled()).toBe(false);
    await page.screenshot({ path: `${pictures}/desktop-two-patients.png` });

    await page.getByRole("button", { name: "Keep all, each by itself" }).click();
    await segment.click();
    await done(page);
    expect(await alert.count()).toBe(0);
    expect(await page.getByRole("table", { name: /Each breast/ }).count()).toBe(0);
    expect(await page.getByText("no score of a breast is made").count()).toBe(1);
    await page.screenshot({ path: `${pictures}/desktop-apart.png` });

    // A third patient asks again; results are kept.
    await dropFiles(page, [file("R-CC", { "00100020": ["LO", "PID-9"] })]);
    await alert.waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: "They are one examination" }).click();
    const table = page.getByRole("table", { name: /Each breast/ });
    expect(await table.getByRole("row").allInnerTexts()).toMatchObject([{}, expect.stringMatching(/^Left\b.*2$/)]);
    expect(left.join("\n")).not.toMatch(/Secret|Hidden|PID-|2\.25\.111|19700101/);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("two examinations of one patient stop the exam, too; one group can be kept", async () => {
    const { page } = await open([file("L-CC"), file("L-MLO"), file("R-CC", prior)], "phone");
    const alert = alertOf(page);
    expect(await alert.textContent()).toMatch(/different examinations of one patient/);
    expect(await alert.textContent()).toMatch(/examined 2024-02-03/);
    await page.screenshot({ path: `${pictures}/phone-two-studies.png`, fullPage: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.getByRole("button", { name: /^Keep only these images of .*2026-01-02/ }).click();
    expect(await alert.count()).toBe(0);
    expect(await page.locator(".viewport").count()).toBe(2);
    await page.getByRole("button", { name: "Segment 2 images" }).click();
    await done(page);
    expect(await page.getByRole("table", { name: /Each breast/ }).count()).toBe(1);
    await page.context().close();
  });

  test("name and date stand beside the image, and one key hides them with the names of files", async () => {
    const { page } = await open([file("R-MLO")]);
    expect(await page.locator(".viewport").textContent()).toMatch(
      /Secret, Jane · ID PID-0815[\s\S]*examined 2026-01-02/,
    );
    await page.screenshot({ path: `${pictures}/desktop-names.png` });
    await page.locator(".surface").focus();
    await page.keyboard.press("n");
    expect(await page.getByRole("checkbox", { name: /Name, date/ }).isChecked()).toBe(false);
    expect(await page.locator("body").innerHTML()).not.toMatch(/Secret|PID-0815|1970-01-01|2026-01-02/);
    // Two patients are told apart without their names.
    await dropFiles(page, [file("L-MLO", other)]);
    await alertOf(page).waitFor({ timeout: 60_000 });
    expect(await alertOf(page).textContent()).toMatch(/Patient or examination 2/);
    expect(await page.locator("body").innerHTML()).not.toMatch(/Secret|Hidden|PID-/);
    await page.context().close();
  });

  test("files that name nobody are let through with a word of warning; a sample is no patient's", async () => {
    const { page } = await open([file("L-CC"), file("L-MLO", { "00100010": ["PN", ""], "00100020": ["LO", ""] })]);
    expect(await alertOf(page).count()).toBe(0);
    await dropFiles(page, [
      {
        name: "R-CC.pgm",
        bytes: Buffer.concat([Buffer.from("P5 96 128 4095\n"), swapped(imageOf("R-CC", 4).pixels as Uint16Array)]),
      },
    ]);
    await page.getByText("Not every file names its patient.").waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: "Start over" }).click();
    await page.getByRole("button", { name: /^No lesion/ }).click();
    await page.getByRole("img", { name: "The image as the model sees it" }).waitFor({ timeout: 60_000 });
    await dropFiles(page, [file("L-MLO")]);
    await alertOf(page).waitFor({ timeout: 60_000 });
    expect(await alertOf(page).textContent()).toMatch(/Sample: No lesion/);
    await page.context().close();
  });
});

/** 16-bit words, highest byte first, as PGM has them. */
const swapped = (words: Uint16Array): Buffer => Buffer.from(words.slice().buffer).swap16();
