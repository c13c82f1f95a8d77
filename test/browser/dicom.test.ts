/** DICOM files in the page: every codec under the page's policy, and the Segmentation object that comes back. */
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { string } from "../../src/device/dicom/attributes.ts";
import { parseDicom } from "../../src/device/dicom/parse.ts";
import type { GreyImage } from "../../src/device/preprocess/index.ts";
import { generatePhantom } from "../../src/phantom/index.ts";
import { downloadFrom, dropFiles, noBrowser, screens } from "../support/browser.ts";
import { jpeg2000, jpegLossless, jpegLs, rle } from "../support/dicom-compress.ts";
import { dicomFile, uids } from "../support/dicom-file.ts";
import { mammogramElements, mammogramFile } from "../support/dicom-mammogram.ts";
import { servedPage } from "../support/served-page.ts";

const pictures = fileURLToPath(new URL("../../out/page", import.meta.url));
if (noBrowser) console.warn(`skipped: ${noBrowser}`);

const phantom = generatePhantom({ seed: 3, height: 128, width: 96, bits: 12, view: "R-MLO" });
const image: GreyImage = { height: 128, width: 96, bits: 12, pixels: phantom.pixels };
const header = { view: "R-MLO", pixelSpacing: 1.6 } as const;
const compressed = async (syntax: string, fragment: Uint8Array | Promise<Uint8Array>) =>
  dicomFile(mammogramElements(image, header), syntax, [await fragment]);

describe.skipIf(noBrowser)("DICOM in the browser", () => {
  const served = servedPage();

  test("a dropped file tells its view and spacing, and gives a Segmentation that refers to it", async () => {
    const { page, complaints, requests } = await served.open(screens.desktop);
    await page.getByRole("button", { name: "Surprise me" }).waitFor();
    await dropFiles(page, [{ name: "IM0001", bytes: mammogramFile(image, { ...header, inverted: true }) }]);
    const segment = page.getByRole("button", { name: "Segment", exact: true });
    await expect.poll(() => segment.isEnabled(), { timeout: 60_000 }).toBe(true);
    expect(await page.getByRole("combobox", { name: "View" }).inputValue()).toBe("R-MLO");
    expect(await page.getByLabel("Pixel spacing (mm)").inputValue()).toBe("1.6");
    const bodies: string[] = [];
    page.on("request", (request) => bodies.push(request.postDataBuffer()?.toString("latin1") ?? ""));
    await segment.click();
    await page.getByRole("heading", { name: "Download" }).waitFor({ timeout: 60_000 });
    await page.screenshot({ path: `${pictures}/desktop-dicom.png` });
    // Nothing of the header leaves: neither name nor number of the patient, nor identifiers, nor the file's name.
    expect(bodies.length).toBeGreaterThan(0);
    expect(bodies.join()).not.toMatch(/Secret|PID-0815|2\.25\.111|IM0001|19700101/);
    expect(requests.join()).not.toMatch(/IM0001|Secret/);

    const { name, bytes } = await downloadFrom(page, /Segmentation/);
    expect(name).toMatch(/^glam-R-MLO-[0-9a-f]{8}\.dcm$/);
    const { attributes } = parseDicom(bytes);
    expect(string(attributes, "x00080060")).toBe("SEG");
    expect(string(attributes, "x0020000d")).toBe("2.25.111.2");
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("every codec runs under the policy and gives the same picture", async () => {
    const { page, complaints } = await served.open(screens.desktop);
    await page.getByRole("button", { name: "Surprise me" }).waitFor();
    const files = [
      { name: "rle", bytes: await compressed(uids.rle, rle(image)) },
      { name: "jpeg-lossless", bytes: await compressed(uids.jpegLosslessFirstOrder, jpegLossless(image, 1)) },
      { name: "jpeg-ls", bytes: await compressed(uids.jpegLs, jpegLs(image)) },
      { name: "jpeg-2000", bytes: await compressed(uids.jpeg2000, jpeg2000(image)) },
    ];
    await dropFiles(page, files);
    const inputs = page.getByRole("img", { name: "The image as the model sees it" });
    await expect.poll(() => inputs.count(), { timeout: 60_000 }).toBe(4);
    const pictures = await inputs.evaluateAll((all) => all.map((one) => (one as HTMLCanvasElement).toDataURL()));
    expect(new Set(pictures).size).toBe(1);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
