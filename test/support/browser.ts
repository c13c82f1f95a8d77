/**
 * @module
 * Chromium for tests of the page, and pages in it that report errors and violations.
 */
import { existsSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** Where Debian puts it. */
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) =>
  existsSync(path),
);

/** Why the tests cannot run here; undefined where they can. */
export const noBrowser = executablePath
  ? undefined
  : "no Chromium is installed (Debian: apt-get install chromium), so the page is not tested in a browser";

/** Neither a display nor a network beyond this machine. */
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({ args, ...(executablePath ? { executablePath } : {}) });

/** Widths in CSS pixels that the page is looked at in. */
export const screens = {
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
  desktop: { viewport: { width: 1280, height: 800 } },
} as const satisfies Record<string, BrowserContextOptions>;

/** A page, and the complaints of the browser about it: errors, uncaught exceptions, violations of the policy. */
export type WatchedPage = { page: Page; complaints: string[]; requests: string[] };

/** Opens an address with a cold cache. */
export async function openPage(browser: Browser, url: URL, options: BrowserContextOptions): Promise<WatchedPage> {
  const context = await browser.newContext({ ...options, acceptDownloads: true });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("console", (message) => {
    const serious = message.type() === "error" || message.type() === "warning";
    // Tests read the viewer's canvas, which the page itself never does.
    if (serious && !message.text().startsWith("Canvas2D: Multiple readback")) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => requests.push(`${request.method()} ${request.url()}`));
  await page.goto(url.href);
  return { page, complaints, requests };
}

/** Puts files into the page as a drop does. */
export async function dropFiles(page: Page, files: { name: string; bytes: Uint8Array }[]): Promise<void> {
  const transfer = await page.evaluateHandle(
    (list) => {
      const data = new DataTransfer();
      for (const { name, text } of list) {
        data.items.add(new File([Uint8Array.from(atob(text), (character) => character.charCodeAt(0))], name));
      }
      return data;
    },
    files.map(({ name, bytes }) => ({ name, text: Buffer.from(bytes).toString("base64") })),
  );
  await page.dispatchEvent("body", "drop", { dataTransfer: transfer });
}

/** Presses a button and takes the file that it gives. */
export async function downloadFrom(page: Page, button: RegExp): Promise<{ name: string; bytes: Uint8Array }> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button }).click(),
  ]);
  const parts: Uint8Array[] = [];
  for await (const part of await download.createReadStream()) parts.push(part);
  return { name: download.suggestedFilename(), bytes: new Uint8Array(Buffer.concat(parts)) };
}
