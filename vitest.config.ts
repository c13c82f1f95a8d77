import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** The Worker as it is deployed, but open, with the models of the test fixtures, and time to compile ORT on a busy machine. */
const workerd = (r2Buckets: string[] = []) =>
  cloudflareTest({
    wrangler: { configPath: "./wrangler.toml" },
    miniflare: {
      r2Buckets,
      assets: { directory: "./test/fixtures", binding: "ASSETS" },
      bindings: {
        ACCESS: "open",
        DEADLINE_MS: "300000",
        CROP_DEADLINE_MS: "120000",
        WEBHOOK_HOSTS: "hooks.example.org",
        WEBHOOK_SECRETS: `whsec_${btoa("an old secret of this test")},whsec_${btoa("a new secret of this test")}`,
      },
    },
  });

/** Tests of how an isolate starts, which must be alone in theirs. */
const alone = ["test/workers/ort.test.ts"];

/** In workerd, several files in one process. */
const together = {
  exclude: alone,
  testTimeout: 120_000,
  hookTimeout: 120_000,
  // One isolate for all files: compiling the 14 MB of ORT takes longer than all tests together.
  isolate: false,
  fileParallelism: false,
};

/** Pure code and tools in Node, the API in workerd, and several processes at once. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: [
            "src/**/*.test.ts",
            "tools/**/*.test.ts",
            "wasm/**/*.test.ts",
            "bench/**/*.test.ts",
            "training/**/*.test.ts",
            "page/**/*.test.ts",
          ],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [workerd()],
        test: {
          name: "workers",
          include: ["test/workers/**/*.test.ts"],
          ...together,
        },
      },
      {
        // What is stored, once more with a bucket bound.
        plugins: [workerd(["SEALED_BUCKET"])],
        test: {
          name: "workers-bucket",
          include: ["test/workers/**/*{upload,exam}*.test.ts"],
          ...together,
        },
      },
      {
        plugins: [workerd()],
        test: { name: "workers-alone", include: alone, testTimeout: 120_000, hookTimeout: 120_000 },
      },
      {
        test: {
          name: "processes",
          include: ["test/processes/**/*.test.ts", "test/docs/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Each file starts several workerd processes, and two cores are soon full.
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
