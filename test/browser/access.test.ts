/** The page without a mouse, with screen readers, and its contrast. */
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { noBrowser, screens } from "../support/browser.ts";
import { servedPage } from "../support/served-page.ts";

if (noBrowser) console.warn(`skipped: ${noBrowser}`);

/** Presses Tab until an element of this accessible name has the focus. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute("aria-label") ?? element?.textContent ?? "";
    });
    if (name.test(focused)) return;
  }
  throw new Error(`Tab never reaches ${name}.`);
}

/** Texts whose contrast is below 4.5 (WCAG AA), with the contrast. */
const faintTexts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const parse = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (rgb: number[]) => {
      const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    /** Backgrounds from the element outwards, blended over black. */
    const backgroundOf = (element: Element): number[] => {
      const layers: number[][] = [];
      for (let at: Element | null = element; at; at = at.parentElement) {
        const [r, g, b, alpha = 1] = parse(getComputedStyle(at).backgroundColor);
        layers.push([r, g, b, alpha]);
        if (alpha === 1) break;
      }
      return layers.reduceRight(
        (below, [r, g, b, a]) => [r, g, b].map((v, i) => v * a + below[i] * (1 - a)),
        [0, 0, 0],
      );
    };
    const faint: string[] = [];
    for (const element of document.querySelectorAll("body *")) {
      const text = [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent?.trim())
        .join("");
      if (!text || !(element as HTMLElement).checkVisibility()) continue;
      // Controls that cannot be used are exempt.
      if (element.closest(":disabled")) continue;
      const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(backgroundOf(element))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (contrast < 4.5) faint.push(`${text.slice(0, 30)}: ${contrast.toFixed(2)}`);
    }
    return faint;
  });

describe.skipIf(noBrowser)("the page without a mouse", () => {
  const served = servedPage();

  test("from the first visit to a region and a file with the keyboard alone; every step is said", async () => {
    const { page, complaints } = await served.open({ ...screens.desktop, reducedMotion: "reduce" });
    const said: string[] = [];
    await page.exposeFunction("hear", (text: string) => said.push(text));
    await page.evaluate(() => {
      const status = document.querySelector("[aria-live=polite]");
      const hear = () => (globalThis as unknown as { hear(text: string): void }).hear(status?.textContent ?? "");
      if (status) new MutationObserver(hear).observe(status, { childList: true, characterData: true, subtree: true });
    });
    await page.getByRole("button", { name: /Two lesions/ }).isEnabled();
    await expect.poll(() => page.locator(".samples button:enabled").count(), { timeout: 60_000 }).toBe(7);
    expect(await faintTexts(page)).toEqual([]);
    await tabTo(page, /Skip to the images/);
    await tabTo(page, /Two lesions/);
    await page.keyboard.press("Enter");
    await expect.poll(() => page.locator("button.primary:enabled").count(), { timeout: 60_000 }).toBe(1);
    await tabTo(page, /^Segment$/);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Download" }).waitFor({ timeout: 60_000 });

    await page.locator("#main").focus();
    await tabTo(page, /^L-MLO: malignant score/);
    const zoom = () => page.locator(".bottom-left").textContent();
    await page.keyboard.press("+");
    await expect.poll(zoom).toBe("1.3×");
    const before = await page.locator(".surface canvas").screenshot();
    await page.keyboard.press("ArrowDown");
    await expect.poll(async () => before.equals(await page.locator(".surface canvas").screenshot())).toBe(false);
    await page.keyboard.press("0");
    await expect.poll(zoom).toBe("");
    await page.keyboard.press("i");
    expect(await page.getByRole("button", { name: "Invert" }).getAttribute("aria-pressed")).toBe("true");
    await page.keyboard.press("2");
    await expect.poll(zoom).toMatch(/×/);
    expect(await page.getByRole("button", { name: /^Region 2/ }).getAttribute("aria-pressed")).toBe("true");

    await tabTo(page, /Picture \(PNG\)/);
    const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
    expect(download.suggestedFilename()).toMatch(/\.png$/);
    await expect.poll(() => said.at(-1)).toMatch(/file is saved/);
    const order = [
      /L-MLO is prepared/,
      /Sending L-MLO/,
      /whole image seen/,
      /L-MLO is done.*uncalibrated/,
      /file is saved/,
    ];
    let from = 0;
    for (const words of order) {
      const at = said.findIndex((text, i) => i >= from && words.test(text));
      expect(at, `${words} is said after ${JSON.stringify(said.slice(0, from))}`).toBeGreaterThanOrEqual(from);
      from = at + 1;
    }
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("everything that can be operated has a name, and no text is faint", async () => {
    const { page } = await served.open(screens.phone);
    await page.getByRole("button", { name: /Scanned film/ }).click({ timeout: 60_000 });
    await page.getByRole("button", { name: "Segment", exact: true }).click({ timeout: 60_000 });
    await page.getByRole("heading", { name: "Download" }).waitFor({ timeout: 60_000 });
    await page.getByText("Model", { exact: false }).first().click();
    expect(await page.getByText(/phantoms|random|fixture|test/i).count()).toBeGreaterThan(0);
    const tree = await page.locator("body").ariaSnapshot();
    const operated =
      tree.match(/- (?:button|slider|checkbox|combobox|textbox|application|meter|progressbar|img)\b.*/g) ?? [];
    expect(operated.length).toBeGreaterThan(20);
    expect(operated.filter((line) => !/"[^"]+"/.test(line))).toEqual([]);
    expect(await page.getByRole("heading", { level: 1 }).count()).toBe(1);
    for (const role of ["banner", "main", "contentinfo"] as const) expect(await page.getByRole(role).count()).toBe(1);
    expect(await faintTexts(page)).toEqual([]);
    // Fingers need 44 pixels.
    const small = await page
      .locator("button:visible")
      .evaluateAll((all) =>
        all
          .filter((one) => one.getBoundingClientRect().height < 43.5 && !one.matches(".name, .link"))
          .map((one) => one.textContent),
      );
    expect(small).toEqual([]);
    await page.context().close();
  });
});
