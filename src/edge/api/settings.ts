/**
 * @module
 * The deployment's variables, read once and checked: a misspelt number stops the first request with a clear message
 * instead of silently meaning "no limit".
 */
import * as z from "zod";
import { modelNameSchema } from "../../contract/index.ts";

const list = (standard: string) =>
  z
    .string()
    .default(standard)
    .transform((text) =>
      text
        .split(",")
        .map((item) => item.trim())
        .filter((item) => item !== ""),
    );

const number = (standard: number, min: number, max: number) => z.coerce.number().min(min).max(max).default(standard);

const runtime = z.enum(["auto", "ort", "simd"]).default("auto");

const variables = z.object({
  /** How crops travel. */
  FANOUT: z.enum(["durable-object", "service-binding", "https", "inline"]).default("durable-object"),
  /** Base URLs for FANOUT=https, comma separated. */
  FANOUT_URLS: list("").pipe(z.array(z.url({ protocol: /^https?$/ }))),
  /** Secret shared by deployments that send crops to each other; without it none are accepted over HTTP. */
  FANOUT_TOKEN: z.string().min(16).optional(),
  /** How many Durable Objects share the crops. */
  SHARDS: number(8, 1, 1024).pipe(z.int()),
  /** Parts of one crop that are computed apart where places are free and the SIMD engine runs a large local network. */
  CROP_BANDS: number(1, 1, 6).pipe(z.int()),
  /** Model of requests that name none; otherwise the store's first. */
  DEFAULT_MODEL: modelNameSchema.optional(),
  /** What runs each network: `ort`, `simd`, or what the model's bundle prefers of what this Worker has. */
  GLOBAL_RUNTIME: runtime,
  LOCAL_RUNTIME: runtime,
  /** Cap of each runtime's linear memory, with the engine's weights, in MiB. */
  MEMORY_LIMIT_MB: number(96, 16, 4096),
  /** Networks and buffers of one isolate together, in MiB: what is left of 128 MB is for the Worker's code and objects. */
  ISOLATE_LIMIT_MB: number(106, 16, 8192),
  /** From the first byte to the answer; what is missing then is left out. */
  DEADLINE_MS: number(60_000, 1, 600_000),
  /** One try of one crop. */
  CROP_DEADLINE_MS: number(25_000, 1, 600_000),
  /** A request's body. */
  MAX_BODY_MB: number(32, 0.001, 100),
  /** An upload ends so long after its last tile, and so long after its start at the latest. */
  UPLOAD_TTL_MS: number(600_000, 100, 3_600_000),
  UPLOAD_MAX_MS: number(1_800_000, 100, 86_400_000),
  /** Uploads that are open at once in the whole deployment. Together they hold MAX_UPLOADS * MAX_BODY_MB at most. */
  MAX_UPLOADS: number(64, 1, 10_000).pipe(z.int()),
  /** Segmentations that compute at once in one isolate, and how many more may wait. */
  MAX_RUNNING: number(1, 1, 16).pipe(z.int()),
  MAX_WAITING: number(4, 0, 64).pipe(z.int()),
  /** Origins that browsers may call from: `*`, a comma separated list, or empty for none. */
  CORS_ORIGINS: list("*"),
  /** Secret: accepted API keys, comma separated. Where there are any, callers need one. */
  API_KEYS: list("").pipe(z.array(z.string().min(16))),
  /** Without keys: `open` lets everybody in, `keys` nobody. */
  ACCESS: z.enum(["keys", "open"]).default("keys"),
});

/** The checked settings. */
export type Settings = z.infer<typeof variables>;

/**
 * Reads the settings.
 * @throws Error that names the variables that are wrong, never their values: some are secret
 */
export function readSettings(env: Record<string, unknown>): Settings {
  const given = Object.fromEntries(
    Object.keys(variables.shape)
      .map((name) => [name, env[name]])
      // An empty text means "not set", except where a list may be empty.
      .filter(([name, value]) => value !== undefined && (value !== "" || name === "CORS_ORIGINS")),
  );
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const names = [...new Set(parsed.error.issues.map((issue) => String(issue.path[0])))];
    throw new Error(`These variables are not valid: ${names.join(", ")}.`);
  }
  if (parsed.data.FANOUT === "https" && parsed.data.FANOUT_URLS.length === 0) {
    throw new Error("FANOUT=https needs FANOUT_URLS.");
  }
  return parsed.data;
}
