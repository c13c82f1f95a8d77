import { env, exports } from "cloudflare:workers";
import { expect, test } from "vitest";
import { type Exam, problemSchema, segmentationSchema } from "../../src/contract/index.ts";
import { createApp } from "../../src/edge/api/app.ts";
import { createServices, type ServiceParts } from "../../src/edge/api/services.ts";
import { readSettings } from "../../src/edge/api/settings.ts";
import { inlineTransport } from "../../src/edge/fanout/inline.ts";
import { ortRuntime } from "../../src/edge/inference/ort/workerd.ts";
import { type Env, isolateServices } from "../../src/edge/isolate.ts";
import { assetStore } from "../../src/edge/models/asset-store.ts";
import { chooseFileBy } from "../../src/edge/models/choose-runtime.ts";
import { createRegistry, type ModelRegistry } from "../../src/edge/models/registry.ts";
import { GlamError, type ProblemCode, problems } from "../../src/glam/problem.ts";
import { badInputs } from "../support/bad-input.ts";
import { postExam, startExam, tinyExam } from "../support/exam-client.ts";
import { tinyCanvas, tinyForm, tinyRequest, tinyTiles } from "../support/tiny-image.ts";
import { type Ask, postUpload, putTile, putTiles, runUpload, startUpload } from "../support/upload-client.ts";

const bindings = env as Env;
const url = "https://glam.example/v1/segmentations";
const good = (headers: Record<string, string> = {}): Request =>
  new Request(url, { method: "POST", body: tinyForm(tinyCanvas(8), "png"), headers });

/** The API over this isolate's networks, with other variables or parts. */
function api(variables: Record<string, string>, parts: Partial<ServiceParts> = {}) {
  const shared = isolateServices(bindings);
  const settings = readSettings({ ...bindings, ...variables });
  return createApp(createServices({ ...shared, settings, log: () => {}, transport: inlineTransport, ...parts }));
}

/** A registry whose global network fails or waits when it runs. */
const running = (work: () => Promise<never>): { registry: ModelRegistry } => ({
  registry: { ...isolateServices(bindings).registry, globalNetwork: async () => ({ run: work }) },
});
const failing = (error: Error) => running(() => Promise.reject(error));
const late = () =>
  running(async () => {
    await new Promise((resolve) => setTimeout(resolve, 400));
    throw new GlamError("internal-error", "Too late to matter.");
  });

/** Assets whose networks are not what the manifest says. */
const damagedAssets = {
  fetch: async (input: string | Request) => {
    const response = await bindings.ASSETS.fetch(input);
    return String(input).endsWith(".onnx") ? new Response(new Uint8Array(28013)) : response;
  },
};

const bad = (code: ProblemCode) => async () => {
  const input = badInputs.find((candidate) => candidate.code === code);
  if (!input) throw new Error(`no bad input for ${code}`);
  return exports.default.fetch(new Request(url, input.init()));
};

/** The second of two requests to a server that takes one. */
async function crowded(): Promise<Response> {
  const served = api({ MAX_RUNNING: "1", MAX_WAITING: "0" }, late());
  const answers = await Promise.all([served.request(good()), served.request(good())]);
  return answers.find(({ status }) => status === 503) ?? answers[0];
}

function leaving(): Response | Promise<Response> {
  const caller = new AbortController();
  caller.abort();
  return api({}).request(new Request(good(), { signal: caller.signal }));
}

/** How to ask an app, with addresses as a client would write them. */
const asking =
  (served: ReturnType<typeof api>): Ask =>
  (path, init) =>
    served.request(new Request(`https://glam.example${path}`, init));
const tiles = () => tinyTiles(tinyCanvas(16), "png");

/** The answer to a tile that is sent with these headers. */
async function tileWith(headers: Record<string, string>): Promise<Response> {
  const ask = asking(api({}));
  const { id } = await startUpload(ask, tinyRequest);
  return putTile(ask, id, tiles()[0], headers);
}

/** The first refusal of an upload's tiles. */
async function overfull(): Promise<Response> {
  const ask = asking(api({ MAX_BODY_MB: "0.005" }));
  const { id } = await startUpload(ask, tinyRequest);
  for (const tile of tiles()) {
    const response = await putTile(ask, id, tile);
    if (!response.ok) return response;
  }
  throw new Error("everything was taken");
}

/** The second of two runs of one upload. */
async function runTwice(): Promise<Response> {
  const ask = asking(api({}, late()));
  const { id } = await startUpload(ask, tinyRequest);
  await putTiles(ask, id, tiles());
  const answers = await Promise.all([runUpload(ask, id), runUpload(ask, id)]);
  return answers.find(({ status }) => status === 409) ?? answers[0];
}

/** One upload more than may be open. */
async function crowdedUploads(): Promise<Response> {
  const ask = asking(api({ MAX_UPLOADS: "1" }));
  const first = await postUpload(ask, tinyRequest);
  const second = await postUpload(ask, tinyRequest);
  // Those of other tests count, too.
  if (first.status === 201) await ask(first.headers.get("location") ?? "", { method: "DELETE" });
  return second;
}

/** The answer to something that is asked of an exam whose tiles are missing. */
async function ofExam(
  about: (ask: Ask, exam: Exam) => Response | Promise<Response>,
  variables: Record<string, string> = {},
  key: string = crypto.randomUUID(),
): Promise<Response> {
  const ask = asking(api(variables));
  const exam = await startExam(ask, tinyExam(["L-CC"]), key);
  const response = await about(ask, exam);
  await ask(`/v1/exams/${exam.id}`, { method: "DELETE" });
  return response;
}

/** One key with two bodies. */
function reusedKey(): Promise<Response> {
  const key = crypto.randomUUID();
  return ofExam((ask) => postExam(ask, tinyExam(["R-CC"]), key), {}, key);
}

const keys = { API_KEYS: "a-long-enough-key-for-tests" };
const withKey = (key: string) => good({ authorization: `Bearer ${key}` });
const limited: Partial<ServiceParts> = { rateLimiter: { limit: async () => ({ success: false }) } };
const damaged = { registry: createRegistry(assetStore(damagedAssets, "/models"), ortRuntime()) };

const onlyEngine = chooseFileBy({ global: "simd", local: "auto" }, ["ort", "simd"]);
const withoutFile = createRegistry(assetStore(bindings.ASSETS, "/models"), ortRuntime(), onlyEngine);

/**
 * Thrown by preprocessing, DICOM reading and import, never by the API; `crop-failed` stands in an answer's regions, see
 * fanout.test.ts; `exam-interrupted` stands in
 * an exam, see src/edge/exams/exam-record.test.ts; `not-this-machine` is of `glam serve`; `too-slow` needs a sender that pauses, see test/processes/slow-senders.test.ts.
 */
type Elsewhere =
  | "image-unreadable"
  | "image-too-small"
  | "dicom-unreadable"
  | "dicom-not-supported"
  | "dicom-for-processing"
  | "dicom-view-not-supported"
  | "breast-not-found"
  | "orientation-unclear"
  | "checkpoint-unreadable"
  | "checkpoint-mismatch"
  | "crop-failed"
  | "exam-interrupted"
  | "not-this-machine"
  | "too-slow";

const cases: Record<Exclude<ProblemCode, Elsewhere>, () => Response | Promise<Response>> = {
  "malformed-form": bad("malformed-form"),
  "malformed-json": bad("malformed-json"),
  "invalid-request": bad("invalid-request"),
  "digest-invalid": () => tileWith({ "content-digest": "sha-256=:AAAA:" }),
  "digest-mismatch": () => tileWith({ "content-digest": `sha-256=:${"A".repeat(43)}=:` }),
  unauthorized: () => api(keys).request(good()),
  forbidden: () => api(keys).request(withKey("a-long-enough-key-but-wrong")),
  "access-not-set": () => api({ ACCESS: "keys" }).request(good()),
  "not-found": () => exports.default.fetch(new Request("https://glam.example/nothing")),
  "model-not-found": bad("model-not-found"),
  "idempotency-key-invalid": () => postExam(asking(api({})), tinyExam(["L-CC"]), "short"),
  "idempotency-key-reused": reusedKey,
  "webhook-refused": () =>
    postExam(asking(api({})), { ...tinyExam(["L-CC"]), webhook: { url: "https://10.0.0.1/hook" } }),
  "exam-not-found": () => asking(api({}))(`/v1/exams/${"A".repeat(48)}`),
  "exam-not-finished": () => ofExam((ask, { id }) => ask(`/v1/exams/${id}/result`)),
  "upload-of-exam": () => ofExam((ask, { images }) => runUpload(ask, images[0].upload)),
  "exams-unavailable": () => postExam(asking(api({}, { exams: undefined })), tinyExam(["L-CC"])),
  "too-many-exams": () => ofExam((ask) => postExam(ask, tinyExam(["L-CC"])), { MAX_EXAMS: "1" }),
  "upload-not-found": () => asking(api({}))(`/v1/uploads/${"A".repeat(48)}`),
  "upload-in-use": runTwice,
  "upload-too-large": overfull,
  "uploads-unavailable": () => postUpload(asking(api({}, { sessions: undefined })), tinyRequest),
  "too-many-uploads": crowdedUploads,
  "method-not-allowed": () => exports.default.fetch(new Request(url)),
  "body-too-large": () => api({ MAX_BODY_MB: "0.001" }).request(good()),
  "tile-too-large": bad("tile-too-large"),
  "unsupported-media-type": bad("unsupported-media-type"),
  "no-tiles": bad("no-tiles"),
  "tile-duplicate": bad("tile-duplicate"),
  "tile-outside-grid": bad("tile-outside-grid"),
  "tile-wrong-size": bad("tile-wrong-size"),
  "tile-damaged": bad("tile-damaged"),
  "tile-not-grey": bad("tile-not-grey"),
  "tile-bit-depth": bad("tile-bit-depth"),
  "canvas-mismatch": bad("canvas-mismatch"),
  "constant-image": bad("constant-image"),
  "background-not-zero": bad("background-not-zero"),
  "too-many-requests": () => api(keys, limited).request(withKey(keys.API_KEYS)),
  "model-damaged": () => api({}, damaged).request(good()),
  "runtime-missing": () => api({}, { registry: withoutFile }).request(good()),
  "out-of-memory": () => api({}, failing(new GlamError("out-of-memory", "Full.", { retryAfter: 60 }))).request(good()),
  "internal-error": () => api({}, failing(new TypeError("Doe, Jane"))).request(good()),
  busy: crowded,
  "deadline-exceeded": () => api({ DEADLINE_MS: "200" }, late()).request(good()),
  aborted: leaving,
};

/** Those that say when to come back. */
const retried = [
  "busy",
  "too-many-requests",
  "out-of-memory",
  "upload-in-use",
  "too-many-uploads",
  "too-many-exams",
  "exam-not-finished",
];

test.each(Object.entries(cases))("%s comes over HTTP, and the next good request is answered", async (name, ask) => {
  const code = name as keyof typeof cases;
  const response = await ask();
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const text = await response.text();
  expect(problemSchema.parse(JSON.parse(text))).toMatchObject({
    code,
    type: `/problems/${code}`,
    status: problems[code].status,
  });
  expect(response.status).toBe(problems[code].status);
  expect(text).not.toContain("Jane");
  expect(response.headers.has("retry-after")).toBe(retried.includes(code));
  expect(response.headers.has("www-authenticate")).toBe(code === "unauthorized");
  const next = await exports.default.fetch(good());
  expect(segmentationSchema.parse(await next.json()).status).toBe("complete");
});
