/** What the page shows of a model that carries a calibration of its scores. */
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { recordInManifest } from "../../tools/evaluate/record.ts";
import { type BareWorker, startBareWorker } from "../support/bare-worker.ts";
import { launchBrowser, noBrowser, openPage, screens } from "../support/browser.ts";

if (noBrowser) console.warn(`skipped: ${noBrowser}`);

describe.skipIf(noBrowser)("a model with a calibration in the page", () => {
  let worker: BareWorker;
  let browser: Browser;
  let models: string;
  beforeAll(async () => {
    models = await mkdtemp(join(tmpdir(), "glam-calibrated-"));
    await cp(fileURLToPath(new URL("../fixtures/models", import.meta.url)), models, { recursive: true });
    // So far apart that the two classes show whatever the scores are.
    const scoreCalibration = {
      fittedOn: "60 phantoms of tests",
      kinds: ["phantom" as const],
      benign: { temperature: 1000, bias: 2 },
      malignant: { temperature: 1000, bias: -2 },
    };
    const operatingPoints = {
      measuredOn: "films of tests",
      malignant: [{ threshold: 0.5, sensitivity: 0.457, falseMarks: 0.49 }],
    };
    const quality = { "films.auc.malignant": 0.78, "films.images": 173 };
    await recordInManifest(join(models, "glam-tiny"), { scoreCalibration, operatingPoints, quality });
    const path = join(models, "glam-tiny/model.json");
    const manifest = JSON.parse(await readFile(path, "utf8"));
    manifest.provenance.knownFailures = ["It fails on a test."];
    await writeFile(path, JSON.stringify(manifest));
    const vars = { DEADLINE_MS: "300000", CROP_DEADLINE_MS: "120000", DEFAULT_MODEL: "glam-tiny" };
    worker = await startBareWorker(vars, { models });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await worker?.stop();
    await rm(models, { recursive: true });
  });

  test("calibrated scores stand beside the raw ones, with what they were fitted on", async () => {
    const { page, complaints } = await openPage(browser, worker.url, screens.phone);
    await page.getByRole("button", { name: /Two lesions/ }).click({ timeout: 60_000 });
    await page.getByRole("button", { name: "Segment", exact: true }).click({ timeout: 60_000 });
    await page.getByRole("heading", { name: "Download" }).waitFor({ timeout: 60_000 });
    const panel = page.getByRole("region", { name: /Results/ });
    const words = await panel.locator(".calibrated").textContent();
    // 1 / (1 + e^2) and 1 / (1 + e^-2).
    expect(words).toMatch(/^Calibrated: malignant 0\.12, benign 0\.88\. Fitted on 60 phantoms of tests\./);
    expect(await panel.getByText(/Scores are uncalibrated/).count()).toBe(1);
    // What the manifest knows of its errors, at the threshold that is shown.
    expect(await panel.getByText(/of 100 malignant lesions 46 are outlined and 54 are missed/).count()).toBe(1);
    expect(await panel.getByText(/On 173 images of films: .* in 78 of 100 pairs/).count()).toBe(1);
    expect(await panel.getByRole("listitem").filter({ hasText: "It fails on a test" }).count()).toBe(1);
    // A real mammogram is not of the kind that the calibration was fitted on.
    await page.getByRole("button", { name: "Start over" }).click();
    await page.getByRole("button", { name: /Malignant mass/ }).click();
    await page.getByRole("button", { name: "Segment", exact: true }).click({ timeout: 60_000 });
    await page.getByRole("heading", { name: "Download" }).waitFor({ timeout: 60_000 });
    const withheld = await panel.locator(".calibrated").textContent();
    expect(withheld).toMatch(
      /not shown: they were fitted on 60 phantoms of tests\. This image is a digital mammogram\./,
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
