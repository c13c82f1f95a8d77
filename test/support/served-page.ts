/**
 * @module
 * A Worker and a Chromium for the tests of a describe block.
 */
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { type BareWorker, startBareWorker } from "./bare-worker.ts";
import { launchBrowser, openPage, type WatchedPage } from "./browser.ts";

/** What tests of the page share. */
export type ServedPage = {
  /** Opens the page with a cold cache. */
  open(options: BrowserContextOptions): Promise<WatchedPage>;
  readonly worker: BareWorker;
};

/**
 * Starts both before the first test of a block and stops them after the last.
 * @param models folder of bundles, the first of its index is the default; without it the tiny model of the fixtures
 */
export function servedPage(models?: string): ServedPage {
  let worker: BareWorker;
  let browser: Browser;
  beforeAll(async () => {
    const patient = { DEADLINE_MS: "300000", CROP_DEADLINE_MS: "120000" };
    worker = await startBareWorker(
      models === undefined ? { ...patient, DEFAULT_MODEL: "glam-tiny" } : patient,
      models === undefined ? {} : { models },
    );
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await worker?.stop();
  });
  return {
    open: (options) => openPage(browser, worker.url, options),
    get worker() {
      return worker;
    },
  };
}
