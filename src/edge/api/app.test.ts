import { describe, expect, test } from "vitest";
import { nodeServices, tinyRegistry } from "../../../test/support/node-services.ts";
import { tinyCanvas, tinyForm, tinyImageForm } from "../../../test/support/tiny-image.ts";
import {
  liveSchema,
  modelDetailSchema,
  modelListSchema,
  type Problem,
  problemSchema,
  readySchema,
  segmentationEventSchema,
  segmentationSchema,
} from "../../contract/index.ts";
import { type ProblemCode, problems } from "../../glam/problem.ts";
import type { ModelRegistry } from "../models/registry.ts";
import { createApp } from "./app.ts";
import type { ServiceParts } from "./services.ts";

const registry = await tinyRegistry();
const app = (variables: Record<string, string> = {}, parts: Partial<ServiceParts> = {}) =>
  createApp(nodeServices(registry, variables, parts));
const post = (form: BodyInit, headers: Record<string, string> = {}) => ({ method: "POST", body: form, headers });
const form = () => tinyForm(tinyCanvas(8), "png");

async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get("content-type")).toBe("application/problem+json");
  const problem = problemSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  return problem;
}

describe("service routes", () => {
  test("health, models, OpenAPI and problem pages answer as their schemas say", async () => {
    const served = app();
    liveSchema.parse(await (await served.request("/v1/health/live")).json());
    expect(readySchema.parse(await (await served.request("/v1/health/ready")).json())).toMatchObject({
      status: "ready",
      models: ["glam-tiny"],
      fanout: { transport: "inline", targets: 1 },
    });
    const { models } = modelListSchema.parse(await (await served.request("/v1/models")).json());
    expect(models).toMatchObject([{ name: "glam-tiny", default: true }]);
    const detail = modelDetailSchema.parse(await (await served.request("/v1/models/glam-tiny")).json());
    expect(detail.sha256).toBe(models[0].sha256);
    expect(await problemOf(await served.request("/v1/models/other"))).toMatchObject({ code: "model-not-found" });
    for (const code of Object.keys(problems) as ProblemCode[]) {
      const page = await served.request(`/problems/${code}`);
      expect(page.status).toBe(200);
      expect(await page.text()).toContain(problems[code].title);
    }
    expect(await problemOf(await served.request("/problems/nothing"))).toMatchObject({ code: "not-found" });
  });

  test("the OpenAPI document describes every route, and resolves all its references", async () => {
    const document = await (await app().request("/openapi.json")).json();
    expect(Object.keys(document.paths).sort()).toEqual([
      "/problems/{code}",
      "/v1/exams",
      "/v1/exams/{id}",
      "/v1/exams/{id}/result",
      "/v1/health/live",
      "/v1/health/ready",
      "/v1/models",
      "/v1/models/{name}",
      "/v1/segmentations",
      "/v1/uploads",
      "/v1/uploads/{id}",
      "/v1/uploads/{id}/segmentation",
      "/v1/uploads/{id}/tiles/{row}/{col}",
    ]);
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1]);
    expect(references).toContain("SegmentationRequest");
    for (const name of references) expect(document.components.schemas).toHaveProperty(name);
  });

  test("unknown addresses and methods are problems too", async () => {
    const served = app();
    expect(await problemOf(await served.request("/nothing"))).toMatchObject({ code: "not-found" });
    expect(await problemOf(await served.request("/glam-tiny/global.onnx"))).toMatchObject({ code: "not-found" });
    for (const [path, method, allow] of [
      ["/v1/segmentations", "GET", "POST"],
      ["/v1/uploads", "GET", "POST"],
      ["/v1/uploads/x", "POST", "GET, HEAD, DELETE"],
      ["/v1/uploads/x/tiles/0/0", "GET", "PUT"],
      ["/v1/uploads/x/segmentation", "GET", "POST"],
      ["/v1/models", "DELETE", "GET, HEAD"],
      ["/v1/models/glam-tiny", "POST", "GET, HEAD"],
      ["/openapi.json", "PUT", "GET, HEAD"],
    ]) {
      const response = await served.request(path, { method });
      expect(response.headers.get("allow")).toBe(allow);
      expect(await problemOf(response)).toMatchObject({ code: "method-not-allowed" });
    }
  });
});

describe("who may call", () => {
  const keys = { API_KEYS: "key-number-one-is-long,key-number-two-is-long" };

  test("with API keys set, segmentations, models and what the isolate holds need one; whether it lives and documents do not", async () => {
    const served = app(keys);
    for (const path of ["/v1/models", "/v1/models/glam-tiny", "/v1/health/ready"]) {
      const without = await served.request(path);
      expect(without.headers.get("www-authenticate")).toContain("Bearer");
      expect(await problemOf(without)).toMatchObject({ code: "unauthorized" });
      const wrong = await served.request(path, { headers: { authorization: "Bearer wrong" } });
      expect(await problemOf(wrong)).toMatchObject({ code: "forbidden" });
      const right = await served.request(path, { headers: { "x-api-key": "key-number-two-is-long" } });
      expect(right.status).toBe(200);
    }
    expect(await problemOf(await served.request("/v1/segmentations", post(form())))).toMatchObject({
      code: "unauthorized",
    });
    for (const path of ["/v1/health/live", "/openapi.json", "/problems/busy"]) {
      expect((await served.request(path)).status).toBe(200);
    }
  });

  const routes = ["/v1/models", "/v1/models/glam-tiny", "/v1/health/ready", "/v1/uploads/x"];

  test("without keys nobody is let in, and told how to set them; the page, health and documents are there", async () => {
    const served = app({ ACCESS: "" });
    for (const path of routes) {
      expect(await problemOf(await served.request(path))).toMatchObject({
        code: "access-not-set",
        status: 403,
        detail: expect.stringMatching(/wrangler secret put API_KEYS.*ACCESS = "open"/),
      });
    }
    expect(await problemOf(await served.request("/v1/segmentations", post(form())))).toMatchObject({
      code: "access-not-set",
    });
    for (const path of ["/v1/health/live", "/openapi.json", "/problems/access-not-set"]) {
      expect((await served.request(path)).status).toBe(200);
    }
  });

  test("keys are needed though ACCESS is open", async () => {
    const served = app({ ...keys, ACCESS: "open" });
    for (const path of routes)
      expect(await problemOf(await served.request(path))).toMatchObject({ code: "unauthorized" });
  });

  test("an open deployment limits each network address, of which the limit sees a hash", async () => {
    const counts = new Map<string, number>();
    const rateLimiter = {
      limit: async ({ key }: { key: string }) => {
        counts.set(key, (counts.get(key) ?? 0) + 1);
        return { success: (counts.get(key) ?? 0) <= 2 };
      },
    };
    const served = app({}, { rateLimiter });
    const from = async (address: string) =>
      (await served.request("/v1/models", { headers: { "cf-connecting-ip": address } })).status;
    expect([await from("203.0.113.7"), await from("203.0.113.7"), await from("203.0.113.7")]).toEqual([200, 200, 429]);
    expect(await from("203.0.113.8")).toBe(200);
    expect([await from("2001:db8::1"), await from("2001:db8::2"), await from("2001:db8::3")]).toEqual([200, 200, 429]);
    expect([...counts.keys()].join()).toMatch(/^[0-9a-f]{64},[0-9a-f]{64},[0-9a-f]{64}$/);
    for (let i = 0; i < 4; i++) expect(await from("127.0.0.1")).toBe(200);
  });

  test("a key that is too fast is told to wait; limits see hashes of keys only", async () => {
    const seen: string[] = [];
    const rateLimiter = {
      limit: async ({ key }: { key: string }) => {
        seen.push(key);
        return { success: seen.length < 2 };
      },
    };
    const served = app(keys, { rateLimiter });
    const request = () => served.request("/v1/models", { headers: { authorization: "Bearer key-number-one-is-long" } });
    expect((await request()).status).toBe(200);
    const limited = await request();
    expect(limited.headers.get("retry-after")).toBe("60");
    expect(await problemOf(limited)).toMatchObject({ code: "too-many-requests" });
    expect(seen.join()).toMatch(/^[0-9a-f]{64},[0-9a-f]{64}$/);
  });

  test("tiles of uploads have a limit of their own, so that an image of many does not use up the requests", async () => {
    const counted: string[] = [];
    const limiter = (name: string) => ({
      limit: async () => {
        counted.push(name);
        return { success: true };
      },
    });
    const headers = { "x-api-key": "key-number-one-is-long" };
    const ask = async (parts: Partial<ServiceParts>) => {
      for (const [method, path] of [
        ["POST", "/v1/uploads"],
        ["PUT", "/v1/uploads/x/tiles/0/0"],
      ]) {
        await app(keys, parts).request(path, { method, headers });
      }
    };
    await ask({ rateLimiter: limiter("request"), tileRateLimiter: limiter("tile") });
    await ask({ rateLimiter: limiter("request") });
    expect(counted).toEqual(["request", "tile", "request", "request"]);
  });

  test("browsers may call from the configured origins", async () => {
    const preflight = (served: ReturnType<typeof app>) =>
      served.request("/v1/segmentations", {
        method: "OPTIONS",
        headers: { origin: "https://app.example", "access-control-request-method": "POST" },
      });
    expect((await preflight(app())).headers.get("access-control-allow-origin")).toBe("*");
    const listed = app({ CORS_ORIGINS: "https://app.example, https://b.example" });
    expect((await preflight(listed)).headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(
      (await preflight(app({ CORS_ORIGINS: "https://b.example" }))).headers.get("access-control-allow-origin"),
    ).toBeNull();
    expect((await preflight(app({ CORS_ORIGINS: "" }))).headers.get("access-control-allow-origin")).toBeNull();
    const refused = await app().request("/v1/segmentations", post("x", { origin: "https://app.example" }));
    expect(refused.headers.get("access-control-allow-origin")).toBe("*");
    expect(refused.headers.get("access-control-expose-headers")).toMatch(/retry-after.*Glam-Ticket/);
  });

  test("uploads need a key as segmentations do, browsers may send tiles, and without bindings there are none", async () => {
    const id = "A".repeat(48);
    const routes = [
      ["POST", "/v1/uploads"],
      ["GET", `/v1/uploads/${id}`],
      ["DELETE", `/v1/uploads/${id}`],
      ["PUT", `/v1/uploads/${id}/tiles/0/0`],
      ["POST", `/v1/uploads/${id}/segmentation`],
    ];
    for (const [method, path] of routes) {
      expect(await problemOf(await app(keys).request(path, { method }))).toMatchObject({ code: "unauthorized" });
      expect(await problemOf(await app().request(path, { method }))).toMatchObject({ code: "uploads-unavailable" });
      const preflight = await app().request(path, {
        method: "OPTIONS",
        headers: {
          origin: "https://app.example",
          "access-control-request-method": method,
          "access-control-request-headers": "content-digest, content-type, glam-ticket",
        },
      });
      expect(preflight.headers.get("access-control-allow-methods")).toContain(method);
      for (const header of ["content-digest", "Glam-Ticket"]) {
        expect(preflight.headers.get("access-control-allow-headers")).toContain(header);
      }
    }
  });

  test("crops come in over HTTP with the secret only", async () => {
    const token = { FANOUT_TOKEN: "0123456789abcdef" };
    const send = (served: ReturnType<typeof app>, headers = {}) =>
      served.request("/v1/internal/crops", post(new Uint8Array(9), headers));
    expect(await problemOf(await send(app()))).toMatchObject({ code: "not-found" });
    expect(await problemOf(await send(app(token)))).toMatchObject({ code: "unauthorized" });
    expect(await problemOf(await send(app(token), { authorization: "Bearer fedcba9876543210" }))).toMatchObject({
      code: "forbidden",
    });
    const accepted = await send(app(token), { authorization: "Bearer 0123456789abcdef" });
    expect(accepted.status).toBe(200);
    expect(await accepted.text()).toContain('"code":"invalid-request"');
  });
});

/** A registry whose global network waits for `go`, or does what `run` does. */
const registryWith = (run: () => Promise<void>): ModelRegistry => ({
  ...registry,
  globalNetwork: async (name) => {
    const network = await registry.globalNetwork(name);
    return {
      run: async (image) => {
        await run();
        return network.run(image);
      },
    };
  },
});

describe("load and time", () => {
  test("what does not fit into the isolate is refused before it is computed, and the numbers are there to see", async () => {
    let ran = false;
    const registry = registryWith(async () => {
      ran = true;
    });
    const memory = () => ({ bytes: 16 * 2 ** 20, limit: 16 * 2 ** 20 });
    const small = createApp(nodeServices(registry, { FANOUT: "inline", ISOLATE_LIMIT_MB: "16" }, { memory }));
    // Bytes, because a form's stream in Node does not take being left in the middle.
    const whole = new Response(form());
    const type = { "content-type": whole.headers.get("content-type") ?? "" };
    const refused = await small.request("/v1/segmentations", post(await whole.arrayBuffer(), type));
    expect(refused.status).toBe(503);
    expect(await refused.json()).toMatchObject({
      code: "out-of-memory",
      detail: expect.stringContaining("16777216 are allowed"),
    });
    expect(ran).toBe(false);
    const enough = createApp(nodeServices(registry, { FANOUT: "inline", ISOLATE_LIMIT_MB: "18" }, { memory }));
    expect((await enough.request("/v1/segmentations", post(form()))).status).toBe(200);
    const ready = readySchema.parse(await (await enough.request("/v1/health/ready")).json());
    expect(ready.memory).toMatchObject({ bufferBytes: 0, isolateLimitBytes: 18 * 2 ** 20 });
    // The canvas alone has 12 KiB.
    expect(ready.memory.peakBytes).toBeGreaterThan(16 * 2 ** 20 + 12 * 1024);
  });

  test("a full isolate answers busy at once, then serves again", async () => {
    const go = Promise.withResolvers<void>();
    const served = createApp(
      nodeServices(
        registryWith(() => go.promise),
        { MAX_RUNNING: "1", MAX_WAITING: "1" },
      ),
    );
    const first = served.request("/v1/segmentations", post(form()));
    const second = served.request("/v1/segmentations", post(form()));
    await expect
      .poll(async () => (await (await served.request("/v1/health/ready")).json()).load)
      .toMatchObject({ segmentations: 1, waiting: 1 });
    expect((await (await served.request("/v1/health/ready")).json()).status).toBe("busy");
    const third = await served.request("/v1/segmentations", post(form()));
    expect(Number(third.headers.get("retry-after"))).toBeGreaterThan(0);
    const ticket = third.headers.get("glam-ticket") ?? "";
    expect(ticket).toMatch(/^[0-9a-f-]{36}$/);
    expect(await problemOf(third)).toMatchObject({ code: "busy" });
    // The second came before the third, so the ticket does not help yet, and is changed for another one.
    const fourth = await served.request("/v1/segmentations", post(form(), { "glam-ticket": ticket }));
    expect(fourth.headers.get("glam-ticket")).toMatch(/^[0-9a-f-]{36}$/);
    expect(fourth.headers.get("glam-ticket")).not.toBe(ticket);
    go.resolve();
    expect((await first).status).toBe(200);
    expect((await second).status).toBe(200);
    expect((await served.request("/v1/segmentations", post(form()))).status).toBe(200);
  });

  test("time that runs out before the global result is a 504; the place is free again", async () => {
    let slow = true;
    const stuck = registryWith(() => (slow ? new Promise((resolve) => setTimeout(resolve, 80)) : Promise.resolve()));
    const served = createApp(nodeServices(stuck, { DEADLINE_MS: "40" }));
    expect(await problemOf(await served.request("/v1/segmentations", post(form())))).toMatchObject({
      code: "deadline-exceeded",
    });
    slow = false;
    const patient = createApp(nodeServices(stuck));
    expect((await patient.request("/v1/segmentations", post(form()))).status).toBe(200);
  });

  test("time that runs out afterwards makes the answer partial", async () => {
    const served = app(
      { DEADLINE_MS: "1500" },
      {
        transport: () => ({ name: "https", targets: 1, send: () => new Promise(() => {}) }),
      },
    );
    const response = await served.request("/v1/segmentations", post(form()));
    expect(response.status).toBe(200);
    const answer = segmentationSchema.parse(await response.json());
    expect(answer).toMatchObject({ status: "partial", failedRegions: [0, 1] });
    expect(answer.regions).toMatchObject([
      { problem: { code: "deadline-exceeded" } },
      { problem: { code: "deadline-exceeded" } },
    ]);
  });

  test("an unexpected error is an incident, in an answer and in a stream, and the next request works", async () => {
    const broken = registryWith(async () => {
      throw new TypeError("Doe, Jane");
    });
    const services = nodeServices(broken);
    const served = createApp(services);
    const text = await (await served.request("/v1/segmentations", post(form()))).text();
    expect(problemSchema.parse(JSON.parse(text))).toMatchObject({ code: "internal-error", status: 500 });
    const stream = await served.request("/v1/segmentations", post(form(), { accept: "text/event-stream" }));
    const events = parseEvents(await stream.text());
    expect(events.map(({ event }) => event)).toEqual(["accepted", "problem"]);
    expect(events[1].data).toMatchObject({ code: "internal-error" });
    expect(text + services.lines.join() + JSON.stringify(events)).not.toContain("Jane");
    expect(services.lines).toHaveLength(2);
    expect(services.gate.load()).toEqual({ running: 0, waiting: 0 });
  });
});

/** Parses a whole event stream strictly. */
function parseEvents(text: string) {
  return text
    .trimEnd()
    .split("\n\n")
    .map((block) => {
      const match = /^event: (\w+)\ndata: (.*)$/.exec(block);
      if (!match) throw new Error("no event");
      return segmentationEventSchema.parse({ event: match[1], data: JSON.parse(match[2]) });
    });
}

describe("segmentations", () => {
  test("an answer and a stream's result say the same", async () => {
    const served = app();
    const response = await served.request("/v1/segmentations", post(form()));
    expect(response.headers.get("cache-control")).toBe("no-store");
    const answer = segmentationSchema.parse(await response.json());
    const stream = await served.request(
      "/v1/segmentations",
      post(form(), { accept: "text/html, text/event-stream;q=1" }),
    );
    expect(stream.headers.get("content-type")).toContain("text/event-stream");
    const events = parseEvents(await stream.text());
    expect(events.map(({ event }) => event)).toEqual(["accepted", "global", "region", "region", "result"]);
    const result = events.at(-1)?.data as typeof answer;
    expect({ ...result, id: "" }).toEqual({ ...answer, id: "" });
    expect(result.id).not.toBe(answer.id);
    expect(events[0].data).toMatchObject({ id: result.id, regions: 2, tiles: answer.tiles });
  });

  test("outputs, threshold and spacing do what they say", async () => {
    const served = app();
    const ask = async (request: object) =>
      segmentationSchema.parse(
        await (await served.request("/v1/segmentations", post(tinyForm(tinyCanvas(16), "png", request)))).json(),
      );
    const bare = await ask({ outputs: [], regions: 1 });
    expect(bare).not.toHaveProperty("saliency");
    expect(bare).not.toHaveProperty("contours");
    expect(bare.regions).toHaveLength(1);
    expect(bare).toMatchObject({ bits: 16, view: "L-MLO", status: "complete", scores: { calibrated: false } });
    const all = await ask({ threshold: 0, pixelSpacing: 0.5, outputs: ["contours"] });
    expect(all).not.toHaveProperty("saliency");
    expect(all.contours?.malignant).toMatchObject([{ areaPixels: 128 * 96, areaMm2: 128 * 96 * 0.25 }]);
    expect(all.contours?.threshold).toBe(0);
    const none = await ask({ threshold: 1 });
    expect(none.contours).toMatchObject({ benign: [], malignant: [] });
    expect((await ask({ threshold: 0 })).contours?.benign[0].areaMm2).toBeNull();
    // The model's own smallest area, and one that nothing reaches: 1 mm2 is 4 pixels of 0.5 mm.
    expect(all.contours).toMatchObject({ minAreaMm2: 0, minAreaPixels: 1 });
    const large = await ask({ threshold: 0, pixelSpacing: 0.5, minAreaMm2: 4000 });
    expect(large.contours).toMatchObject({
      minAreaMm2: 4000,
      minAreaPixels: 16_000,
      benign: [],
      malignant: [],
    });
  });

  test("a bundle with a calibration answers calibrated scores beside the raw ones, in a stream too; others have no such field", async () => {
    const scoreCalibration = {
      fittedOn: "60 images of tests",
      benign: { temperature: 2, bias: 0.5 },
      malignant: { temperature: 0.5, bias: -1 },
    };
    const manifest = async (name: string) => ({ ...(await registry.manifest(name)), scoreCalibration });
    const raw = segmentationSchema.parse(await (await app().request("/v1/segmentations", post(form()))).json());
    expect(raw).not.toHaveProperty("calibratedScores");
    const served = createApp(nodeServices({ ...registry, manifest }));
    const answer = segmentationSchema.parse(await (await served.request("/v1/segmentations", post(form()))).json());
    expect(answer.scores).toEqual(raw.scores);
    expect(answer.regions).toEqual(raw.regions);
    const odds = (p: number) => p / (1 - p);
    const { benign = Number.NaN, malignant = Number.NaN, fittedOn } = answer.calibratedScores ?? {};
    expect(fittedOn).toBe("60 images of tests");
    expect(odds(benign)).toBeCloseTo(Math.sqrt(odds(raw.scores.benign)) * Math.exp(0.5), 6);
    expect(odds(malignant)).toBeCloseTo(odds(raw.scores.malignant) ** 2 / Math.E, 6);
    const stream = await served.request("/v1/segmentations", post(form(), { accept: "text/event-stream" }));
    const events = parseEvents(await stream.text());
    const { calibratedScores } = answer;
    expect(events.find(({ event }) => event === "global")?.data).toMatchObject({
      scores: raw.scores,
      calibratedScores,
    });
    expect(events.at(-1)?.data).toMatchObject({ scores: raw.scores, calibratedScores });
    const detail = modelDetailSchema.parse(await (await served.request("/v1/models/glam-tiny")).json());
    expect(detail.manifest.scoreCalibration).toEqual(scoreCalibration);
  });

  test("nothing of a part but its pixels comes back", async () => {
    const response = await app().request("/v1/segmentations", post(tinyImageForm(tinyCanvas(8), "png")));
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).not.toContain("Jane");
  });
});
