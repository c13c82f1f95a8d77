/** The page of overlays that `glam batch` writes, from the disk. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { encode } from "fast-png";
import { expect, test } from "vitest";
import { outputFile } from "../../tools/batch/output-file.ts";
import { picturePage } from "../../tools/batch/picture-page.ts";
import { launchBrowser, noBrowser, openPage, screens } from "../support/browser.ts";

if (noBrowser) console.warn(`skipped: ${noBrowser}`);

test.skipIf(noBrowser)("shows every overlay without a server, sorts by score, and takes names for text", async () => {
  const folder = await mkdtemp(join(tmpdir(), "glam-page-"));
  const hostile = `a#?%20/<img src=x onerror="document.title='taken'">&.dcm`.replace("/", "~");
  const picture = (file: string, malignant: number) => ({
    ...{ file, exam: 1, view: "L-CC", status: "complete", hasOverlay: true },
    scores: { benign: 1 - malignant, malignant },
  });
  const pictures = [picture("x/low.dcm", 0.125), picture(hostile, 0.875), picture("x/middle", 0.5)];
  const failed = { file: "cut.dcm", exam: undefined, view: "", status: "failed: dicom-unreadable", hasOverlay: false };
  const png = encode({ height: 3, width: 2, channels: 1, depth: 8, data: new Uint8Array(6) });
  for (const { file } of pictures) {
    const path = join(folder, outputFile(file, "overlay"));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, png);
  }
  await writeFile(join(folder, "index.html"), [...picturePage([...pictures, failed])].join(""));
  const browser = await launchBrowser();
  try {
    const { page, complaints } = await openPage(browser, pathToFileURL(join(folder, "index.html")), screens.desktop);
    const files = () => page.locator("tbody tr td:last-child").allTextContents();
    expect(await files()).toEqual([hostile, "x/middle", "x/low.dcm", "cut.dcm"]);
    const shown = await page
      .locator("tbody img")
      .evaluateAll((images) => images.map((image) => (image as HTMLImageElement).naturalWidth));
    expect(shown).toEqual([2, 2, 2]);
    await page.getByRole("button", { name: "Benign" }).click();
    expect(await files()).toEqual(["x/low.dcm", "x/middle", hostile, "cut.dcm"]);
    await page.getByRole("button", { name: "Benign" }).click();
    expect(await files()).toEqual([hostile, "x/middle", "x/low.dcm", "cut.dcm"]);
    expect(await page.title()).toBe("Overlays");
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true });
  }
});
