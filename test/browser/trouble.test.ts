/** Files that cannot be judged and failing services: the message, and how the user goes on. */
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { encode } from "fast-png";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { generatePhantom } from "../../src/phantom/index.ts";
import { type BareWorker, startBareWorker } from "../support/bare-worker.ts";
import { dropFiles, launchBrowser, noBrowser, openPage, screens } from "../support/browser.ts";

const pictures = fileURLToPath(new URL("../../out/page", import.meta.url));
if (noBrowser) console.warn(`skipped: ${noBrowser}`);

const KEY = "a-key-for-this-test";
const phantom = generatePhantom({ seed: 3, height: 128, width: 96, bits: 8, view: "R-MLO" });
const height = 200;
const width = 150;
const grey = (value: (i: number) => number) => Uint8Array.from({ length: height * width }, (_, i) => value(i));
const png = (data: Uint8Array, channels = 1) => Buffer.from(encode({ height, width, data, channels, depth: 8 }));
const large = generatePhantom({ seed: 3, height: 160, width: 120, bits: 8, view: "R-MLO" });
const film = Buffer.from(encode({ height: 160, width: 120, data: large.pixels, channels: 1, depth: 8 }));

describe.skipIf(noBrowser)("trouble in the browser", () => {
  let open: BareWorker;
  let guarded: BareWorker;
  let browser: Browser;
  beforeAll(async () => {
    await mkdir(pictures, { recursive: true });
    const vars = { DEADLINE_MS: "300000", CROP_DEADLINE_MS: "120000", DEFAULT_MODEL: "glam-tiny" };
    open = await startBareWorker(vars);
    guarded = await startBareWorker({ ...vars, API_KEYS: KEY });
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await open?.stop();
    await guarded?.stop();
  });

  test.each([
    ["garbage", Buffer.from("no image at all"), /cannot be read as a grey image/, "image-unreadable"],
    ["a truncated PNG", film.subarray(0, film.length / 2), /cannot be read as a grey image/, "image-unreadable"],
    [
      "a colour photo",
      png(
        Uint8Array.from({ length: height * width * 3 }, (_, i) => (i * 37) % 251),
        3,
      ),
      /cannot be read as a grey image/,
      "image-unreadable",
    ],
    ["a blank image", png(grey(() => 90)), /The image is blank/, "constant-image"],
    [
      "a thumbnail",
      Buffer.from(encode({ height: 20, width: 20, data: new Uint8Array(400).fill(3, 9), channels: 1, depth: 8 })),
      /too small/,
      "image-too-small",
    ],
    [
      "a negative",
      Buffer.from(
        encode({
          height: 128,
          width: 96,
          data: Uint8Array.from(phantom.pixels, (v) => 255 - v),
          channels: 1,
          depth: 8,
        }),
      ),
      /No breast was found|not clear on which side/,
      "breast-not-found",
    ],
  ] as const)("%s", async (_, bytes, words, code) => {
    const { page, complaints, requests } = await openPage(browser, open.url, screens.phone);
    await page.getByRole("button", { name: "Surprise me" }).waitFor();
    await dropFiles(page, [{ name: "secret-name_L-CC.png", bytes }]);
    const alert = page.getByRole("alert");
    await alert.waitFor({ timeout: 60_000 });
    expect(await alert.textContent()).toMatch(words);
    await page.screenshot({ path: `${pictures}/phone-${code}.png` });
    await alert.getByText("Details").click();
    expect(await alert.textContent()).toContain(code);
    expect(await page.getByRole("button", { name: "Segment", exact: true }).isEnabled()).toBe(false);
    expect(requests.filter((request) => request.startsWith("POST") || request.includes("secret"))).toEqual([]);
    // The way on: remove it and be where it began.
    await page.getByRole("button", { name: /^Remove/ }).click();
    await page.getByRole("button", { name: "Choose files" }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("a service that wants a key gets it, and refuses a wrong one in words", async () => {
    const { page } = await openPage(browser, guarded.url, screens.desktop);
    const field = page.getByLabel("API key");
    await field.fill("wrong");
    await page.getByRole("button", { name: "Use key" }).click();
    await page.getByText("This key is not accepted.").waitFor();
    await page.screenshot({ path: `${pictures}/desktop-key.png` });
    await field.fill(KEY);
    await field.press("Enter");
    await page.getByRole("button", { name: /Two lesions/ }).click();
    await page.getByRole("button", { name: "Segment", exact: true }).click({ timeout: 60_000 });
    await page.getByRole("heading", { name: "Download" }).waitFor({ timeout: 60_000 });
    expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
    await page.context().close();
  });

  test("a broken connection, a retry, and a cancelled run lose nothing", async () => {
    const { page } = await openPage(browser, open.url, screens.desktop);
    await page.getByRole("button", { name: "Surprise me" }).waitFor();
    await dropFiles(page, [{ name: "case7_R-MLO.png", bytes: film }]);
    const segment = page.getByRole("button", { name: "Segment", exact: true });
    await expect.poll(() => segment.isEnabled(), { timeout: 60_000 }).toBe(true);
    expect(await page.getByRole("combobox", { name: "View" }).inputValue()).toBe("R-MLO");
    expect(await page.locator(".card").getByText("The pixel spacing is unknown").count()).toBe(1);
    await page.getByLabel("Pixel spacing (mm)").fill("1,2875");
    await page.getByLabel("Pixel spacing (mm)").blur();
    await expect.poll(() => page.getByText("The pixel spacing is unknown").count(), { timeout: 60_000 }).toBe(0);

    // The service does not answer: the user gives up.
    let asked = 0;
    await page.route("**/v1/segmentations", () => {
      asked++;
    });
    await segment.click({ timeout: 60_000 });
    await expect.poll(() => asked, { timeout: 60_000 }).toBe(1);
    await page.getByRole("button", { name: "Cancel" }).click();
    await expect.poll(() => segment.isEnabled()).toBe(true);
    await page.unroute("**/v1/segmentations");

    // The connection breaks once: it is tried again without asking.
    let broken = 0;
    await page.route("**/v1/segmentations", (route) =>
      broken++ === 0 ? route.abort("connectionreset") : route.continue(),
    );
    await segment.click();
    await page.getByRole("heading", { name: "Download" }).waitFor({ timeout: 60_000 });
    expect(broken).toBeGreaterThan(0);

    // The network is gone: said in words; when it is back, the run goes on by itself.
    await page.getByRole("combobox", { name: "View" }).selectOption("R-CC");
    await expect.poll(() => segment.isEnabled(), { timeout: 60_000 }).toBe(true);
    await page.context().setOffline(true);
    await segment.click();
    await page.getByText("It is tried again by itself").first().waitFor({ timeout: 60_000 });
    await page.screenshot({ path: `${pictures}/desktop-offline.png` });
    await page.context().setOffline(false);
    await page.getByRole("heading", { name: "Download" }).waitFor({ timeout: 60_000 });
    await page.context().close();
  });
});
