/** Accessibility by axe: every state of the page, in light and dark colour schemes, on a desktop and a phone. */
import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { generatePhantom } from "../../src/phantom/index.ts";
import { dropFiles, noBrowser, screens } from "../support/browser.ts";
import { mammogramFile } from "../support/dicom-mammogram.ts";
import { servedPage } from "../support/served-page.ts";

if (noBrowser) console.warn(`skipped: ${noBrowser}`);

const { pixels } = generatePhantom({ seed: 3, height: 128, width: 96, bits: 12, view: "L-CC" });
const file = (patient: string) => ({
  name: patient,
  bytes: mammogramFile(
    { height: 128, width: 96, bits: 12, pixels },
    { view: "L-CC", pixelSpacing: 1.6 },
    { change: { "00100020": ["LO", patient] } },
  ),
});
const garbage = (name: string) => ({ name, bytes: Buffer.from("no image at all") });

/** Broken rules, with the first element of each. */
async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(axe.source);
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const results = await page.evaluate(
      (): Promise<AxeResults> =>
        (globalThis as unknown as { axe: typeof axe }).axe.run(document, {
          // Experimental, and so off by default.
          rules: { "label-content-name-mismatch": { enabled: true } },
        }),
    );
    for (const { id, nodes } of results.violations) found.push(`${colorScheme} ${id}: ${nodes[0]?.html.slice(0, 160)}`);
  }
  return found;
}

describe.skipIf(noBrowser)("axe in the browser", () => {
  const served = servedPage();

  test.each(["desktop", "phone"] as const)("%s: empty, running, result, exam, failed", async (screen) => {
    const { page } = await served.open(screens[screen]);
    await page.getByRole("button", { name: "Surprise me" }).waitFor();
    await expect.poll(() => page.locator(".samples button:enabled").count(), { timeout: 60_000 }).toBe(7);
    expect(await violations(page), "empty").toEqual([]);

    await dropFiles(page, [file("one")]);
    const segment = page.getByRole("button", { name: "Segment", exact: true });
    await expect.poll(() => segment.isEnabled(), { timeout: 60_000 }).toBe(true);
    await page.route("**/v1/segmentations", () => undefined);
    await segment.click();
    await page.getByRole("button", { name: "Cancel" }).waitFor();
    expect(await violations(page), "running").toEqual([]);
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.unroute("**/v1/segmentations");

    await segment.click({ timeout: 60_000 });
    await page.getByRole("heading", { name: "Download" }).waitFor({ timeout: 60_000 });
    expect(await page.getByRole("button", { name: /^Region 1\b.*malignant/ }).count()).toBe(1);
    expect(await violations(page), "result").toEqual([]);

    await dropFiles(page, [file("two")]);
    await page.getByRole("alert").waitFor({ timeout: 60_000 });
    expect(await violations(page), "two patients").toEqual([]);
    await page.getByRole("button", { name: "They are one examination" }).click();
    await page.getByRole("button", { name: "Segment", exact: true }).click();
    await expect
      .poll(() => page.getByRole("table", { name: /Each breast/ }).textContent(), { timeout: 60_000 })
      .toMatch(/2$/);
    expect(await violations(page), "exam").toEqual([]);

    await page.getByRole("button", { name: "Start over" }).click();
    await dropFiles(page, [garbage("a.png"), garbage("b.png")]);
    await expect.poll(() => page.getByRole("alert").count(), { timeout: 60_000 }).toBe(2);
    expect(await violations(page), "failed").toEqual([]);

    // The rules that this page has broken are on.
    await page.evaluate(() => {
      const broken = '<button aria-label="Something else">Send</button><section aria-label="A"></section>';
      document.querySelector("main")?.insertAdjacentHTML("beforeend", `${broken}<section aria-label="A"></section>`);
    });
    const rules = (await violations(page)).map((line) => line.replace(/:.*/s, ""));
    for (const colorScheme of ["light", "dark"])
      for (const rule of ["label-content-name-mismatch", "landmark-unique"])
        expect(rules).toContain(`${colorScheme} ${rule}`);
    await page.context().close();
  });
});
