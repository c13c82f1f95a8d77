import { expect, test } from "vitest";
import { answerFor, type Call, fakeService, json, problem } from "../../../test/support/fake-service.ts";
import { tinyCanvas } from "../../../test/support/tiny-image.ts";
import { ConnectionError, type ExamEvent, ProblemError, segmentExam } from "./index.ts";

const image = { ...tinyCanvas(8), bits: 8 };
const all = { "L-CC": image, "L-MLO": image, "R-CC": image, "R-MLO": image };

/** The view that a form asks for. */
const viewOf = ({ body }: Call) =>
  (/"view":"([LR]-(?:CC|MLO))"/.exec(Buffer.from(body).toString("latin1"))?.[1] ?? "") as keyof typeof all;

const scores = { "L-CC": 0.25, "L-MLO": 0.75, "R-CC": 0.5, "R-MLO": 1 };

test("four views, two at a time: means of each breast, beside the views and their events", async () => {
  let running = 0;
  let most = 0;
  const { fetch, calls, url } = fakeService(async (call) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 20));
    running--;
    return json(answerFor(viewOf(call), scores[viewOf(call)], scores[viewOf(call)] / 2));
  });
  const events: ExamEvent[] = [];
  const run = segmentExam(all, { fetch, url, chestWall: "left" });
  for await (const event of run) events.push(event);
  const { status, breasts, patient, views } = await run;
  expect(status).toBe("complete");
  expect(most).toBe(2);
  expect(calls).toHaveLength(4);
  const rest = { calibrated: false, failed: [] };
  expect(breasts).toEqual({
    left: { ...rest, benign: 0.5, malignant: 0.25, views: ["L-CC", "L-MLO"] },
    right: { ...rest, benign: 0.75, malignant: 0.375, views: ["R-CC", "R-MLO"] },
  });
  expect(patient).toEqual({ ...rest, benign: 0.625, malignant: 0.3125, views: ["L-CC", "L-MLO", "R-CC", "R-MLO"] });
  for (const view of ["L-CC", "L-MLO", "R-CC", "R-MLO"] as const) {
    expect(views[view]).toMatchObject({ status: "complete", answer: { view, scores: { benign: scores[view] } } });
    const own = events.filter((event) => event.view === view).map(({ event }) => event);
    expect(own).toEqual(["preprocessed", "uploading", "uploading", "result"]);
  }
});

test("one after the other when told so; a view may bring its own options; a side without views has no scores", async () => {
  let running = 0;
  const seen: unknown[] = [];
  const { fetch, url } = fakeService(async (call) => {
    expect(++running).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running--;
    seen.push(/"pixelSpacing":([\d.]+)/.exec(Buffer.from(call.body).toString("latin1"))?.[1]);
    return json(answerFor(viewOf(call), 0.5));
  });
  const images = { "R-CC": { image, pixelSpacing: 1.6 }, "R-MLO": image };
  const { breasts } = await segmentExam(images, { fetch, url, chestWall: "left", concurrency: 1 });
  expect(breasts.left).toBeUndefined();
  expect(breasts.right?.views).toEqual(["R-CC", "R-MLO"]);
  expect(seen).toEqual(["1.6", undefined]);
});

test("views that fail, here or there, do not lose the others", async () => {
  const { fetch, url } = fakeService((call) => {
    if (viewOf(call) === "L-MLO") return problem("tile-damaged");
    if (viewOf(call) === "R-CC") throw new TypeError("fetch failed");
    return json(answerFor(viewOf(call), 0.5));
  });
  const black = { ...image, pixels: new Uint8Array(image.pixels.length) };
  const options = { fetch, url, chestWall: "left", retries: 0 } as const;
  const run = segmentExam({ ...all, "R-MLO": black }, options);
  const failed: unknown[] = [];
  for await (const event of run) if (event.event === "failed") failed.push(event.view);
  const { status, views, breasts } = await run;
  expect(status).toBe("partial");
  expect(failed.sort()).toEqual(["L-MLO", "R-CC", "R-MLO"]);
  expect(breasts.left).toEqual({ benign: 0.5, malignant: 0.5, calibrated: false, views: ["L-CC"], failed: ["L-MLO"] });
  expect(breasts.right).toBeUndefined();
  const errors = (["L-MLO", "R-CC", "R-MLO"] as const).map((view) => {
    const result = views[view];
    return result?.status === "failed" ? result.error : undefined;
  });
  expect(errors.map((error) => error?.code)).toEqual(["tile-damaged", "connection-lost", "constant-image"]);
  expect(errors[0]).toBeInstanceOf(ProblemError);
  expect(errors[1]).toBeInstanceOf(ConnectionError);
});

test("without the model there is nothing to do; with all views failed there is a result", async () => {
  const down = { url: "http://glam.example", fetch: () => Promise.reject(new TypeError()), retries: 0 };
  await expect(segmentExam(all, down)).rejects.toMatchObject({ code: "connection-lost" });
  const { fetch, url } = fakeService(() => problem("unsupported-media-type"));
  const result = await segmentExam(all, { fetch, url, chestWall: "left" });
  expect(result).toMatchObject({ status: "failed", breasts: { left: undefined, right: undefined } });
});

test("the signal ends all views at once; leaving the loop does, too", async () => {
  for (const leave of ["signal", "break"]) {
    const caller = new AbortController();
    const reason = new Error("enough");
    const { fetch, calls, url } = fakeService(() => new Promise<Response>(() => {}));
    const run = segmentExam(all, { fetch, url, chestWall: "left", signal: caller.signal });
    const caught = (async () => {
      for await (const event of run) {
        // Both views are under way or about to be.
        if (event.event !== "uploading") continue;
        await expect.poll(() => calls.length).toBeGreaterThan(0);
        if (leave === "break") break;
        setTimeout(() => caller.abort(reason), 20);
      }
      return run;
    })();
    if (leave === "signal") expect(await caught.catch((error: unknown) => error)).toBe(reason);
    else await expect(caught).rejects.toMatchObject({ code: "aborted" });
    for (const { signal } of calls) expect(signal.aborted).toBe(true);
    const before = calls.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(calls.length).toBe(before);
  }
});
