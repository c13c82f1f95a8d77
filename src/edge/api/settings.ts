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

/** Every variable, with its meaning; the source of docs/reference/variables.md. */
export const variables = z.object({
  FANOUT: z
    .enum(["durable-object", "service-binding", "https", "inline"])
    .default("durable-object")
    .describe("How crops travel to other invocations."),
  FANOUT_URLS: list("")
    .pipe(z.array(z.url({ protocol: /^https?$/ })))
    .describe("Base URLs for `FANOUT=https`, comma separated."),
  FANOUT_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe(
      "Secret, 16 characters or more. Shared by deployments that send crops to each other; without it none are accepted over HTTP.",
    ),
  SHARDS: number(8, 1, 1024).pipe(z.int()).describe("How many Durable Objects share the crops."),
  CROP_BANDS: number(1, 1, 6)
    .pipe(z.int())
    .describe(
      "Into how many bands a crop is cut at most, when the engine runs a large local network and targets are free.",
    ),
  DEFAULT_MODEL: modelNameSchema
    .optional()
    .describe("Model of requests that name none; otherwise the first of `models/index.json`."),
  GLOBAL_RUNTIME: runtime.describe(
    "What runs the global network: onnxruntime-web, the SIMD engine, or what the bundle prefers of what the Worker has.",
  ),
  LOCAL_RUNTIME: runtime.describe("The same for the local network."),
  MEMORY_LIMIT_MB: number(96, 16, 4096).describe(
    "Cap of each runtime's linear memory, with the engine's weights, in MiB.",
  ),
  ISOLATE_LIMIT_MB: number(106, 16, 8192).describe(
    "Networks and buffers of one isolate together, in MiB. The rest of 128 MB is for the Worker's code and objects.",
  ),
  DEADLINE_MS: number(60_000, 1, 600_000).describe(
    "From the first byte to the answer; regions that are late are left out.",
  ),
  CROP_DEADLINE_MS: number(25_000, 1, 600_000).describe("One try of one crop."),
  MAX_BODY_MB: number(32, 0.001, 100).describe("Largest body of a request, in MiB."),
  UPLOAD_TTL_MS: number(600_000, 100, 3_600_000).describe("How long after its last tile an upload ends."),
  UPLOAD_MAX_MS: number(1_800_000, 100, 86_400_000).describe("How long after its start an upload ends at the latest."),
  MAX_UPLOADS: number(64, 1, 10_000)
    .pipe(z.int())
    .describe("Uploads that are open at once in the whole deployment; together they hold this times `MAX_BODY_MB`."),
  EXAM_TTL_MS: number(3_600_000, 100, 86_400_000).describe(
    "An exam ends so long after its last step: a whole image, a computed one. Of one that ends like this only the word `expired` is kept, for as long again.",
  ),
  EXAM_MAX_MS: number(86_400_000, 100, 604_800_000).describe("An exam ends so long after its start at the latest."),
  EXAM_MAX_MB: number(128, 0.001, 1600).describe(
    "Largest exam, all images together, in MiB; each image has an equal part.",
  ),
  MAX_EXAMS: number(16, 1, 10_000)
    .pipe(z.int())
    .describe(
      "Exams that are open at once in the whole deployment; together they hold this times `EXAM_MAX_MB`, and answers.",
    ),
  WEBHOOK_HOSTS: list("")
    .pipe(z.array(z.string().regex(/^[a-z0-9.-]+(?::\d{1,5})?$/)))
    .describe("Hosts that webhooks may go to, as they stand in an address, comma separated; none when empty."),
  WEBHOOK_SECRETS: list("")
    .pipe(z.array(z.string().regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/)))
    .describe(
      "Secret. `whsec_` and base64 of 24 to 64 bytes, comma separated: webhooks are signed with each, so that a new one can take the place of an old one.",
    ),
  MAX_RUNNING: number(1, 1, 16).pipe(z.int()).describe("Segmentations that compute at once in one isolate."),
  MAX_WAITING: number(4, 0, 64).pipe(z.int()).describe("Segmentations that may wait in one isolate."),
  CORS_ORIGINS: list("*").describe(
    "Origins that browsers may call from: `*`, a comma separated list, or empty for none.",
  ),
  API_KEYS: list("")
    .pipe(z.array(z.string().min(16)))
    .describe(
      "Secret. Accepted API keys, comma separated, 16 characters or more each. With any set, callers need one.",
    ),
  ACCESS: z.enum(["keys", "open"]).default("keys").describe("Without keys: `open` lets everybody in, `keys` nobody."),
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
