import { evictDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type Exam, examWebhookSchema, type Segmentation } from "../../src/contract/index.ts";
import { createApp } from "../../src/edge/api/app.ts";
import { createServices } from "../../src/edge/api/services.ts";
import { readSettings } from "../../src/edge/api/settings.ts";
import { callerAccess } from "../../src/edge/exams/exam-keys.ts";
import { inlineTransport } from "../../src/edge/fanout/inline.ts";
import { type Env, isolateServices } from "../../src/edge/isolate.ts";
import type { View } from "../../src/glam/view.ts";
import { examTiles, postExam, readExam, readResult, sendExam, startExam, tinyExam } from "../support/exam-client.ts";
import { dumpedExam, examObject, examPlaces, ringExam, storedExam } from "../support/exam-objects.ts";
import { tinyCanvas, tinyForm, tinyTiles } from "../support/tiny-image.ts";
import { type Ask, problemIn, putTile, putTiles, withoutId } from "../support/upload-client.ts";
import { amend, objectOf, storedIn } from "../support/upload-objects.ts";

const bindings = env as Env;
const ask: Ask = (path, init) => exports.default.fetch(new Request(`https://glam.example${path}`, init));
const four: View[] = ["L-CC", "L-MLO", "R-CC", "R-MLO"];
const nothing = { keys: [], alarm: null };

const finished = async (id: string): Promise<string> => {
  await expect.poll(async () => (await readExam(ask, id)).progress.done, { timeout: 60_000, interval: 100 }).toBe(4);
  await expect.poll(async () => (await readExam(ask, id)).state, { timeout: 10_000 }).not.toBe("running");
  return (await readExam(ask, id)).state;
};

/** What `POST /v1/segmentations` answers for image `i` of an exam. */
async function direct(view: View, seed: number): Promise<Segmentation> {
  const body = tinyForm(tinyCanvas(16, seed), "png", { view, regions: 2 });
  return (await ask("/v1/segmentations", { method: "POST", body })).json() as Promise<Segmentation>;
}

afterEach(() => vi.restoreAllMocks());

describe("an exam", () => {
  test("gives the answers of direct requests, means over the views, and is gone after DELETE", async () => {
    const places = await examPlaces();
    const exam = await startExam(ask, tinyExam(four));
    expect(exam).toMatchObject({ state: "receiving", progress: { images: 4, received: 0, done: 0 }, patient: null });
    expect(await examPlaces()).toBe(places + 1);
    await sendExam(ask, exam);
    expect(await finished(exam.id)).toBe("complete");
    const result = await readResult(ask, exam.id);
    expect((await ask(`/v1/exams/${exam.id}/result`, { method: "HEAD" })).status).toBe(200);
    expect(isolateServices(bindings).ledger.use().buffers).toBe(0);
    expect(result.images.map(({ status }) => status)).toEqual(Array(4).fill("complete"));
    const answers = result.images.map(({ answer }) => answer as Segmentation);
    for (const [i, view] of four.entries()) {
      expect(withoutId(JSON.stringify(answers[i]))).toBe(withoutId(JSON.stringify(await direct(view, i))));
    }
    const malignant = answers.map(({ scores }) => scores.malignant);
    expect(result.breasts.left?.malignant).toBeCloseTo((malignant[0] + malignant[1]) / 2, 12);
    expect(result.patient?.malignant).toBeCloseTo(malignant.reduce((a, b) => a + b) / 4, 12);
    expect(result.patient).toMatchObject({ calibrated: false, views: four, failed: [] });
    expect((await storedExam(exam.id)).keys).not.toContain("service");
    for (const { upload } of exam.images) expect(await storedIn(upload)).toEqual(nothing);
    expect((await ask(`/v1/exams/${exam.id}`, { method: "DELETE" })).status).toBe(204);
    expect(await storedExam(exam.id)).toEqual(nothing);
    expect(await examPlaces()).toBe(places);
    expect(await problemIn(await ask(`/v1/exams/${exam.id}`))).toMatchObject({ code: "exam-not-found" });
  });

  test("is the same one for the same key and body, also at once; another body is refused", async () => {
    const key = crypto.randomUUID();
    const posted = await Promise.all(Array.from({ length: 5 }, () => postExam(ask, tinyExam(["L-CC"]), key)));
    expect(posted.map(({ status }) => status)).toEqual(Array(5).fill(202));
    const exams = (await Promise.all(posted.map((response) => response.json()))) as { id: string }[];
    expect(exams).toEqual(Array(5).fill(exams[0]));
    expect(posted[0].headers.get("location")).toBe(`/v1/exams/${exams[0].id}`);
    expect(await (await postExam(ask, tinyExam(["L-CC"]), `"${key}"`)).json()).toEqual(exams[0]);
    const other = await problemIn(await postExam(ask, tinyExam(["L-MLO"]), key));
    expect(other).toMatchObject({ code: "idempotency-key-reused", status: 422 });
    await ask(`/v1/exams/${exams[0].id}`, { method: "DELETE" });
  });

  test("goes on when an upload's word is lost: it asks by itself", async () => {
    const exam = await startExam(ask, tinyExam(["L-CC"]));
    const [{ upload }] = exam.images;
    const object = await examObject(exam.id);
    const part = { object: (await callerAccess(exam.id, "")).object, expected: tinyExam(["L-CC"]).images[0].tiles };
    await amend(upload, { exam: undefined });
    await putTiles(ask, upload, examTiles(0));
    await amend(upload, { exam: part });
    expect((await readExam(ask, exam.id)).state).toBe("receiving");
    await ringExam(exam.id);
    await expect.poll(async () => (await readExam(ask, exam.id)).state, { timeout: 30_000 }).toBe("complete");
    const before = await readResult(ask, exam.id);
    await evictDurableObject(object);
    expect(await readResult(ask, exam.id)).toEqual(before);
    await ask(`/v1/exams/${exam.id}`, { method: "DELETE" });
  });

  test("an image whose run was cut off is computed again; one that is cut off too often fails", async () => {
    for (const [interruptions, state] of [
      [0, "complete"],
      [7, "failed"],
    ] as const) {
      const exam = await startExam(ask, tinyExam(["L-CC"]));
      await putTiles(ask, exam.images[0].upload, examTiles(0).slice(1));
      const running = { state: "running", tries: 1, failures: 0, interruptions, dueAt: 0, answerBytes: 0 };
      await ringExam(exam.id, { state: "running", images: [running] });
      await expect.poll(async () => (await readExam(ask, exam.id)).state, { timeout: 30_000 }).toBe(state);
      const [image] = (await readExam(ask, exam.id)).images;
      expect(image).toMatchObject(state === "failed" ? { problem: { code: "exam-interrupted" } } : { tries: 2 });
      await ask(`/v1/exams/${exam.id}`, { method: "DELETE" });
    }
  });

  test("what is wrong with one image leaves the others; what happened is told", async () => {
    const exam = await startExam(ask, tinyExam(four));
    // Each tile is sound; that they do not go together shows when they are decoded.
    await putTiles(ask, exam.images[0].upload, tinyTiles(tinyCanvas(8), "png").slice(0, 1));
    await putTiles(ask, exam.images[0].upload, examTiles(0).slice(1));
    for (const i of [1, 2, 3]) await putTiles(ask, exam.images[i].upload, examTiles(i));
    expect(await finished(exam.id)).toBe("partial");
    const { images, breasts, patient } = await readResult(ask, exam.id);
    expect(images[0]).toMatchObject({ status: "failed", problem: { code: "tile-bit-depth" } });
    expect(images.slice(1).map(({ status }) => status)).toEqual(Array(3).fill("complete"));
    expect(breasts.left).toMatchObject({ views: ["L-MLO"], failed: ["L-CC"] });
    expect(patient).toMatchObject({ views: four.slice(1), failed: ["L-CC"] });
    await ask(`/v1/exams/${exam.id}`, { method: "DELETE" });
  });

  test("its stream tells each state and ends with the last one", async () => {
    const exam = await startExam(ask, tinyExam(four));
    const stream = ask(`/v1/exams/${exam.id}`, { headers: { accept: "text/event-stream" } });
    await sendExam(ask, exam);
    const text = await (await stream).text();
    const told = Array.from(text.matchAll(/^data: (.*)$/gm), ([, data]) => JSON.parse(data));
    expect(text).toMatch(/^event: exam\n/);
    expect(told[0]).toMatchObject({ id: exam.id, state: "receiving" });
    expect(told.at(-1)).toMatchObject({ id: exam.id, state: "complete", progress: { done: 4 } });
    await ask(`/v1/exams/${exam.id}`, { method: "DELETE" });
  });

  test("a stream whose exam is deleted says so", async () => {
    const exam = await startExam(ask, tinyExam(["L-CC"]));
    const stream = ask(`/v1/exams/${exam.id}`, { headers: { accept: "text/event-stream" } });
    await ask(`/v1/exams/${exam.id}`, { method: "DELETE" });
    expect(await (await stream).text()).toMatch(/^event: exam\n[\s\S]*event: problem\n.*"code":"exam-not-found"/);
  });

  test("expires: tiles, answers and keys go at once, the word that it did a while later", async () => {
    const places = await examPlaces();
    const exam = await startExam(ask, tinyExam(["L-CC", "R-CC"]));
    await putTiles(ask, exam.images[0].upload, examTiles(0));
    await ringExam(exam.id, { expiresAt: Date.now() - 1 });
    expect(await readExam(ask, exam.id)).toMatchObject({ state: "expired", images: [] });
    expect((await storedExam(exam.id)).keys).toEqual(["record"]);
    for (const { upload } of exam.images) expect(await storedIn(upload)).toEqual(nothing);
    expect(await examPlaces()).toBe(places);
    await ringExam(exam.id, { expiresAt: Date.now() - 1 });
    expect(await storedExam(exam.id)).toEqual(nothing);
  });

  test("its uploads obey the exam alone", async () => {
    const exam = await startExam(ask, tinyExam(["L-CC"]));
    const { upload } = exam.images[0];
    for (const [path, method] of [
      [`/v1/uploads/${upload}/segmentation`, "POST"],
      [`/v1/uploads/${upload}`, "DELETE"],
    ]) {
      expect(await problemIn(await ask(path, { method }))).toMatchObject({ code: "upload-of-exam" });
    }
    await putTiles(ask, upload, examTiles(0).slice(0, 2));
    expect((await readExam(ask, exam.id)).images[0].tiles.received).toBe(2);
    expect((await ask(`/v1/exams/${exam.id}`, { method: "DELETE" })).status).toBe(204);
    expect(await storedIn(upload)).toEqual(nothing);
    expect((await putTile(ask, upload, examTiles(0)[2])).status).toBe(404);
    expect(await (await objectOf("never")).state()).toEqual({ refused: "upload-not-found" });
  });

  describe("while an image is computed", () => {
    /** An exam of which one image is computed until `work` is done. */
    async function meanwhile(work: (exam: Exam) => Promise<void>): Promise<Exam> {
      const { registry } = isolateServices(bindings);
      const { globalNetwork } = registry;
      // Flags, because a promise must not be settled from one object to another.
      let [held, begun] = [true, false];
      vi.spyOn(registry, "globalNetwork").mockImplementation(async (...args) => {
        begun = true;
        while (held) await new Promise((resolve) => setTimeout(resolve, 10));
        return globalNetwork(...args);
      });
      const exam = await startExam(ask, tinyExam(["L-CC", "R-CC"]));
      try {
        await sendExam(ask, exam);
        await expect.poll(() => begun, { timeout: 30_000 }).toBe(true);
        await work(exam);
      } finally {
        held = false;
      }
      return exam;
    }

    test("DELETE ends the exam, and nothing of it is kept", async () => {
      const places = await examPlaces();
      const { id, images } = await meanwhile(async ({ id }) => {
        expect((await readExam(ask, id)).state).toBe("running");
        expect((await ask(`/v1/exams/${id}`, { method: "DELETE" })).status).toBe(204);
        expect((await ask(`/v1/exams/${id}`)).status).toBe(404);
      });
      await expect.poll(() => storedExam(id), { timeout: 30_000 }).toEqual(nothing);
      for (const { upload } of images) expect(await storedIn(upload)).toEqual(nothing);
      expect(await examPlaces()).toBe(places);
    });

    test("its tiles cannot change, and those of an image that waits do not make it compute twice", async () => {
      const { id } = await meanwhile(async ({ images }) => {
        const refused = await problemIn(await putTile(ask, images[0].upload, examTiles(7)[0]));
        expect(refused).toMatchObject({ code: "upload-in-use" });
        expect((await putTile(ask, images[1].upload, examTiles(1)[0])).status).toBe(200);
      });
      await expect.poll(async () => (await readExam(ask, id)).state, { timeout: 30_000 }).toBe("complete");
      expect((await readExam(ask, id)).images.map(({ tries }) => tries)).toEqual([1, 1]);
      const [{ answer }] = (await readResult(ask, id)).images;
      expect(withoutId(JSON.stringify(answer))).toBe(withoutId(JSON.stringify(await direct("L-CC", 0))));
      await ask(`/v1/exams/${id}`, { method: "DELETE" });
    });
  });

  test("what cannot be held is refused at the beginning", async () => {
    const body = tinyExam(["L-CC"]);
    const refused = async (change: object) => (await problemIn(await postExam(ask, { ...body, ...change }))).code;
    const [image] = body.images;
    expect(await refused({ images: [{ ...image, bytes: 33 * 1024 * 1024 }] })).toBe("upload-too-large");
    expect(await refused({ images: Array(17).fill(image) })).toBe("invalid-request");
    expect(await refused({ images: [{ view: "L-CC", tiles: [[0, 99]] }] })).toBe("tile-outside-grid");
    expect(await refused({ images: [{ view: "L-CC", name: "Doe, Jane" }] })).toBe("invalid-request");
    expect(await refused({ model: "another" })).toBe("model-not-found");
    for (const url of [
      "http://hooks.example.org/",
      "https://elsewhere.example.org/",
      "https://a:b@hooks.example.org/",
    ]) {
      expect(await refused({ webhook: { url } })).toBe("webhook-refused");
    }
  });
});

test("an exam belongs to the API key that opened it, and so does its idempotency key", async () => {
  const keys = ["the-key-of-one-hospital", "the-key-of-another-one"];
  const shared = isolateServices(bindings);
  const settings = readSettings({ ...bindings, API_KEYS: keys.join() });
  const served = createApp(
    createServices({
      ...shared,
      settings,
      rateLimiter: undefined,
      tileRateLimiter: undefined,
      transport: inlineTransport,
    }),
  );
  const [own, other] = keys.map(
    (key): Ask =>
      async (path, init) =>
        served.request(
          new Request(`https://glam.example${path}`, {
            ...init,
            headers: { ...Object.fromEntries(new Headers(init?.headers)), "x-api-key": key },
          }),
        ),
  );
  const key = crypto.randomUUID();
  const exam = await startExam(own, tinyExam(["L-CC"]), key);
  const theirs = await startExam(other, tinyExam(["R-CC"]), key);
  expect(theirs.id).not.toBe(exam.id);
  for (const [path, method] of [
    [`/v1/exams/${exam.id}`, "GET"],
    [`/v1/exams/${exam.id}/result`, "GET"],
    [`/v1/exams/${exam.id}`, "DELETE"],
  ]) {
    expect(await problemIn(await other(path, { method }))).toMatchObject({ code: "exam-not-found" });
  }
  expect((await putTile(other, exam.images[0].upload, examTiles(0)[0])).status).toBe(404);
  await putTiles(own, exam.images[0].upload, examTiles(0));
  await expect.poll(async () => (await readExam(own, exam.id)).state, { timeout: 30_000 }).toBe("complete");
  for (const [ask, { id }] of [
    [own, exam],
    [other, theirs],
  ] as const) {
    expect((await ask(`/v1/exams/${id}`, { method: "DELETE" })).status).toBe(204);
  }
});

test("nothing that the caller sent can be read in the storage", async () => {
  const mark = "PLANTED-7f3a";
  const key = `${mark}-${crypto.randomUUID()}`;
  const exam = await startExam(
    ask,
    { ...tinyExam(["L-CC"]), webhook: { url: `https://hooks.example.org/${mark}` } },
    key,
  );
  for (const secret of [mark, exam.id, exam.images[0].upload, "L-CC", "glam-tiny"]) {
    expect(await dumpedExam(exam.id)).not.toContain(secret);
  }
  await ask(`/v1/exams/${exam.id}`, { method: "DELETE" });
});

test("a webhook is signed by each secret, says nothing of the exam, and comes again under the same identifier", async () => {
  const sent: { body: string; headers: Record<string, string>; redirect: unknown }[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (_, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers));
    sent.push({ body: String(init?.body), headers, redirect: init?.redirect });
    return new Response(null, { status: sent.length === 1 ? 503 : 204 });
  });
  const exam = await startExam(ask, { ...tinyExam(four), webhook: { url: "https://hooks.example.org/glam" } });
  await sendExam(ask, exam);
  await finished(exam.id);
  await expect.poll(() => sent.length, { timeout: 30_000 }).toBe(1);
  await ringExam(exam.id);
  await expect.poll(() => sent.length, { timeout: 30_000 }).toBe(2);
  const [first, second] = sent;
  expect(second.body).toBe(first.body);
  expect(second.headers["webhook-id"]).toBe(first.headers["webhook-id"]);
  expect(first.redirect).toBe("manual");
  const message = examWebhookSchema.parse(JSON.parse(first.body));
  expect(message).toMatchObject({ type: "exam.complete", data: { id: exam.reference, state: "complete" } });
  const secrets = String((bindings as Record<string, unknown>).WEBHOOK_SECRETS).split(",");
  for (const secret of secrets) {
    for (const { body, headers } of sent) expect(new Webhook(secret).verify(body, headers)).toEqual(message);
  }
  const other = new Webhook(`whsec_${btoa("a secret of somebody else")}`);
  expect(() => other.verify(first.body, first.headers)).toThrow();
  await ask(`/v1/exams/${exam.id}`, { method: "DELETE" });
  expect(await storedExam(exam.id)).toEqual(nothing);
});
