/**
 * @module
 * The bundled Worker in a workerd process of its own, without the development server of `wrangler dev`, which stands between
 * client and Worker: it hides that a client has gone, and answers broken bodies itself. Starts faster, too.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { workerdMemory } from "../../bench/resident-memory.ts";
import { writeAssets } from "../../page/assets.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Wrangler's own Miniflare, so that both run the same workerd. */
export const { Miniflare, convertV4MiniflareOptions } = createRequire(import.meta.resolve("wrangler"))(
  "miniflare",
) as typeof import("miniflare");

/** A running Worker. */
export type BareWorker = {
  url: URL;
  /** Milliseconds from the start of the process until it takes requests. */
  startMs: number;
  stop(): Promise<void>;
  /** `kill -9` of the process; another one takes its place, with what is on the disk. Settles when that one runs. */
  kill(): Promise<void>;
};

/** More than most tests need. */
export type BareOptions = {
  /** Configuration to bundle by; `wrangler.simd.toml`: without onnxruntime-web. */
  config?: "wrangler.toml" | "wrangler.simd.toml";
  /** Folder of bundles; those of the test fixtures by default. */
  models?: string;
  /** Where the objects' storage lies. */
  storage?: string;
  /** Whether a bucket is bound; it lies in `storage` too. */
  bucket?: boolean;
  /** Answers what the Worker asks of the world outside; the network otherwise. */
  outside?: (request: { url: string; method: string; headers: Headers; text(): Promise<string> }) => Promise<Response>;
  /** Gets each line that the Worker logs. */
  log?: (line: string) => void;
};

const bundled = new Map<string, Promise<string>>();

/** Bundles as `wrangler deploy` does, once for a test file. */
async function bundle(config: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "glam-bundle-"));
  const wrangler = join(root, "node_modules/wrangler/bin/wrangler.js");
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false" };
  await promisify(execFile)(
    process.execPath,
    [wrangler, "deploy", "--dry-run", "--config", config, "--outdir", folder],
    {
      cwd: root,
      env,
    },
  );
  return folder;
}

/** The page, and the models of a folder. */
async function assets(models: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "glam-assets-"));
  await writeAssets(folder, models);
  return folder;
}

/**
 * Starts the Worker; each call starts its own process. It is open unless `vars` say otherwise.
 */
export async function startBareWorker(vars: Record<string, string>, options: BareOptions = {}): Promise<BareWorker> {
  const { config = "wrangler.toml", models = join(root, "test/fixtures/models"), storage, bucket = false } = options;
  const { outside, log } = options;
  const made = bundled.get(config) ?? bundle(config);
  bundled.set(config, made);
  const folder = await made;
  const files = await readdir(folder);
  const modules = (suffix: string, type: "ESModule" | "CompiledWasm") =>
    files
      .filter((name) => name.endsWith(suffix))
      .map(async (name) => ({ type, path: join(folder, name), contents: await readFile(join(folder, name)) }));
  const running = async () => [...(await workerdMemory()).keys()];
  let others = await running();
  let restarted = Promise.withResolvers<void>();
  const loaded = await Promise.all([...modules(".js", "ESModule"), ...modules(".wasm", "CompiledWasm")]);
  const directory = await assets(models);
  const began = performance.now();
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      unsafeHandleRuntimeRestart: () => restarted.resolve(),
      ...(storage === undefined ? {} : { resourcePersistencePath: storage }),
      ...(outside === undefined ? {} : { outboundService: outside as never }),
      ...(log === undefined ? {} : { handleStructuredLogs: ({ message }) => log(message) }),
      name: "glam-edge",
      // The first module is the Worker.
      modules: loaded,
      modulesRoot: folder,
      compatibilityDate: "2026-11-01",
      compatibilityFlags: ["enable_request_signal", "enable_abortsignal_rpc"],
      assets: {
        directory,
        binding: "ASSETS",
        routerConfig: { invoke_user_worker_ahead_of_assets: true, has_user_worker: true },
      },
      durableObjects: {
        CROP_SHARDS: { className: "CropShard", useSQLite: true },
        EXAMS: { className: "ExamSession", useSQLite: true },
        UPLOADS: { className: "UploadSession", useSQLite: true },
        UPLOAD_COUNTER: { className: "UploadCounter", useSQLite: true },
      },
      r2Buckets: bucket ? ["SEALED_BUCKET"] : [],
      bindings: { ACCESS: "open", ...vars },
    }),
  );
  const url = await miniflare.ready;
  const startMs = performance.now() - began;
  const own = async () => (await running()).filter((pid) => !others.includes(pid));
  let pids = await own();
  return {
    url,
    startMs,
    stop: () => miniflare.dispose(),
    async kill() {
      restarted = Promise.withResolvers<void>();
      others = await running();
      for (const pid of pids) process.kill(pid, "SIGKILL");
      await restarted.promise;
      pids = await own();
    },
  };
}
