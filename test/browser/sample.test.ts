/** From a cold start to the overlay of a sample, in both widths, with the shipped model. */
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { decode } from "fast-png";
import { beforeAll, describe, expect, test } from "vitest";
import { segmentationSchema } from "../../src/contract/index.ts";
import { downloadFrom, noBrowser, screens } from "../support/browser.ts";
import { servedPage } from "../support/served-page.ts";
import { colours } from "../support/viewer-pixels.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Pictures of each step, to be looked at. */
const pictures = `${root}out/page`;
if (noBrowser) console.warn(`skipped: ${noBrowser}`);

describe.skipIf(noBrowser)("a sample in the browser", () => {
  const served = servedPage(`${root}models`);
  beforeAll(async () => {
    await mkdir(pictures, { recursive: true });
  });

  test.each(["desktop", "phone"] as const)("%s: from the first visit to the overlay and its files", async (screen) => {
    const { page, complaints, requests } = await served.open(screens[screen]);
    const picture = (name: string) => page.screenshot({ path: `${pictures}/${screen}-${name}.png` });
    await page.getByRole("button", { name: /Two lesions/ }).click({ timeout: 60_000 });
    const segment = page.getByRole("button", { name: "Segment", exact: true });
    await expect.poll(() => segment.isEnabled(), { timeout: 60_000 }).toBe(true);
    await picture("prepared");
    // Nothing but the page and the model's description has crossed the network so far.
    expect(requests.filter((request) => request.startsWith("POST"))).toEqual([]);
    const before = await colours(page);
    expect(before.grey).toBeGreaterThan(1000);
    expect(before.orange + before.blue).toBe(0);

    // All that comes later is watched from before the click on: the coarse saliency must be there before any region.
    const seen = page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          const states: string[] = [];
          const observer = new MutationObserver(() => {
            const waiting = document.querySelectorAll(".rank.waiting").length;
            const complete = document.querySelectorAll(".rank.complete").length;
            const state = `${waiting} waiting, ${complete} complete`;
            if (waiting + complete > 0 && states.at(-1) !== state) states.push(state);
            if (document.querySelector(".downloads")) {
              observer.disconnect();
              resolve(states);
            }
          });
          observer.observe(document.body, { subtree: true, childList: true, attributes: true });
        }),
    );
    await segment.click();
    const states = await seen;
    expect(states[0]).toBe("4 waiting, 0 complete");
    expect(states.at(-1)).toBe("0 waiting, 4 complete");
    expect(states.length).toBeGreaterThan(2);

    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(100);
    await picture("done");
    const after = await colours(page);
    expect(after.orange).toBeGreaterThan(50);
    expect(after.blue).toBeGreaterThan(50);

    if (screen === "desktop") {
      // The wheel zooms, the left button moves, the right one changes window and level, "Fit" shows all again.
      const zoom = () => page.locator(".bottom-left").textContent();
      const level = page.getByRole("slider", { name: /Level/ });
      const levelBefore = await level.inputValue();
      await page.mouse.move(640, 300);
      await page.mouse.wheel(0, -600);
      await expect.poll(zoom).toMatch(/^2\.\d×$/);
      await page.mouse.down({ button: "right" });
      await page.mouse.move(640, 360);
      await page.mouse.up({ button: "right" });
      await expect.poll(() => level.inputValue()).not.toBe(levelBefore);
      await page.getByRole("button", { name: "Auto" }).click();
      expect(await level.inputValue()).toBe(levelBefore);
      await page.getByRole("button", { name: /show the whole image/ }).click();
      await expect.poll(zoom).toBe("");
    }

    // Sliders and toggles work on what is here: not one more request.
    const asked = requests.length;
    await page.getByRole("slider", { name: /Contour threshold/ }).fill("0.9");
    await page.getByRole("slider", { name: /Fill opacity/ }).fill("0.1");
    await page.getByRole("checkbox", { name: "Benign" }).uncheck();
    await page.waitForTimeout(100);
    expect((await colours(page)).blue).toBe(0);
    await page.getByRole("checkbox", { name: "Benign" }).check();
    await page.getByRole("button", { name: /^Region 1/ }).click();
    await page.waitForTimeout(100);
    await picture("region");
    expect(requests.length).toBe(asked);

    const png = await downloadFrom(page, /Picture/);
    expect(png.name).toMatch(/^glam-L-MLO-[0-9a-f]{8}\.png$/);
    expect(decode(png.bytes)).toMatchObject({ width: 1024 });
    const json = await downloadFrom(page, /JSON/);
    const saved: { answer: unknown } = JSON.parse(new TextDecoder().decode(json.bytes));
    expect(saved).toMatchObject({
      disclaimer: "Research use only. Not a medical device.",
      shownContours: { threshold: 0.9 },
    });
    expect(segmentationSchema.safeParse(saved.answer).success).toBe(true);

    expect(await page.getByRole("contentinfo").getByText("Research use only. Not a medical device.").isVisible()).toBe(
      true,
    );
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    expect(
      requests.every((request) => request.includes(served.worker.url.host) || /^GET (?:blob|data):/.test(request)),
    ).toBe(true);
    await page.context().close();
  });

  test("a real mammogram is loaded from this service, and its lesion can be shown where it lies", async () => {
    const { page, complaints, requests } = await served.open(screens.desktop);
    await page.getByText("CDD-CESM, Khaled et al.").waitFor({ timeout: 60_000 });
    await page.getByRole("button", { name: /Benign mass/ }).click({ timeout: 60_000 });
    const segment = page.getByRole("button", { name: "Segment", exact: true });
    await expect.poll(() => segment.isEnabled(), { timeout: 60_000 }).toBe(true);
    expect(requests.filter((request) => /benign-mass-[A-Z0-9]{8}\.png$/.test(request)).length).toBe(1);
    expect(requests.filter((request) => request.startsWith("POST"))).toEqual([]);
    // Its background is 0, and nothing is said to have been removed.
    expect(await page.locator(".note.warning").count()).toBe(0);
    await page.waitForTimeout(200);
    const before = await page.locator(".surface canvas").screenshot();
    await page.locator(".surface").focus();
    await page.keyboard.press("k");
    await page.getByText("This sample has: mass (benign).").waitFor();
    await page.waitForTimeout(200);
    const after = await page.locator(".surface canvas").screenshot();
    await page.screenshot({ path: `${pictures}/desktop-known.png` });
    // Where pixels differ, the outline is: in a right breast, so not mirrored, at its place in the file.
    const [one, other] = [decode(before), decode(after)];
    const scale = Math.min(one.width / 1024, one.height / 1536);
    const corner = { x: (one.width - 1024 * scale) / 2, y: (one.height - 1536 * scale) / 2 };
    const [xs, ys]: [number[], number[]] = [[], []];
    for (let i = 0; i < one.width * one.height; i++) {
      if (Math.abs(one.data[i * one.channels] - other.data[i * other.channels]) < 60) continue;
      const [x, y] = [i % one.width, Math.floor(i / one.width)];
      // The focus ring is drawn around the viewer.
      if (x < 8 || y < 8 || x > one.width - 8 || y > one.height - 8) continue;
      xs.push((x - corner.x) / scale);
      ys.push((y - corner.y) / scale);
    }
    expect(Math.abs(Math.min(...xs) - 812)).toBeLessThan(12);
    expect(Math.abs(Math.max(...xs) - 1003)).toBeLessThan(12);
    expect(Math.abs(Math.min(...ys) - 474)).toBeLessThan(12);
    expect(Math.abs(Math.max(...ys) - 608)).toBeLessThan(12);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("four views hang as on a light box, each with its scores, and each breast has its own", async () => {
    const { page, complaints, requests } = await served.open(screens.desktop);
    await page.getByRole("button", { name: /Four views/ }).click({ timeout: 60_000 });
    const segment = page.getByRole("button", { name: "Segment 4 images" });
    const opening = page.waitForRequest("**/v1/exams", { timeout: 120_000 });
    await segment.click({ timeout: 120_000 });
    await opening;
    await page.getByRole("button", { name: "Cancel" }).click();
    await segment.click();
    const table = page.getByRole("table", { name: /Each breast/ });
    await expect.poll(() => table.getByRole("row").count(), { timeout: 120_000 }).toBe(3);
    await expect.poll(() => page.getByRole("button", { name: "Cancel" }).count(), { timeout: 120_000 }).toBe(0);
    await page.waitForTimeout(200);
    await page.screenshot({ path: `${pictures}/desktop-four.png` });
    const names = await page
      .locator(".viewport")
      .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
    expect(names).toEqual(["R-CC viewer", "L-CC viewer", "R-MLO viewer", "L-MLO viewer"]);
    const rows = await table.getByRole("row").allInnerTexts();
    expect(rows.slice(1).map((row) => row.split(/\s+/)[0])).toEqual(["Right", "Left"]);
    // They went as one exam; of it, and of the one that was cancelled, the service keeps nothing.
    const sent = (method: string) => requests.filter((request) => request.startsWith(`${method} `));
    const address = `${served.worker.url.href}v1/exams`;
    expect(sent("POST")).toEqual([`POST ${address}`, `POST ${address}`]);
    await expect.poll(() => sent("DELETE").length).toBe(2);
    for (const request of sent("DELETE")) {
      expect(request.startsWith(`DELETE ${address}/`)).toBe(true);
      await expect.poll(async () => (await fetch(request.replace("DELETE ", ""))).status).toBe(404);
    }
    await page.getByRole("button", { name: "Alone: show L-MLO and no other" }).click();
    expect(await page.locator(".viewport").count()).toBe(1);
    await page.setViewportSize(screens.phone.viewport);
    await page.getByRole("button", { name: "All images" }).click();
    await page.waitForTimeout(200);
    await page.screenshot({ path: `${pictures}/phone-four.png`, fullPage: true });
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
