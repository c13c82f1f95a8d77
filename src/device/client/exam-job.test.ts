import { expect, test } from "vitest";
import { answerFor, fakeService, json, problem } from "../../../test/support/fake-service.ts";
import { tinyCanvas } from "../../../test/support/tiny-image.ts";
import { type ExamEvent, segmentExam } from "./index.ts";

const image = { ...tinyCanvas(8), bits: 8 };
const views = ["L-CC", "L-MLO"] as const;
const images = { "L-CC": image, "L-MLO": image };
const idempotencyKey = "8e03978e-40d5-43e8-bc93-6894a57f9324";
const id = "E".repeat(48);
const uploads = ["A".repeat(48), "B".repeat(48)];

/** What the service says of the exam. */
const exam = (state: string, image: string = state) => ({
  id,
  state,
  progress: { images: 2, received: 0, done: 0 },
  images: views.map((view, i) => ({ view, upload: uploads[i], state: image })),
});
const result = {
  images: [
    { view: "L-CC", status: "complete", answer: answerFor("L-CC", 0.25) },
    {
      view: "L-MLO",
      status: "failed",
      problem: { code: "tile-damaged", detail: "It is.", status: 422, type: "", title: "" },
    },
  ],
};

test("is opened once by its key, goes on where a lost answer left it, and tells what became of each view", async () => {
  let opened = 0;
  let lost = 0;
  const { fetch, url, calls } = fakeService(({ method, path, headers }) => {
    if (method === "POST") {
      expect([path, headers.get("idempotency-key")]).toEqual(["/v1/exams", idempotencyKey]);
      opened++;
      return json(exam("receiving"), 202);
    }
    if (method === "PUT") {
      if (path.includes(uploads[1]) && lost++ === 0) throw new TypeError("fetch failed");
      return json({ id: uploads[0], received: [] });
    }
    if (path.startsWith("/v1/uploads/")) return json({ id: path.split("/")[3], received: [] });
    if (method === "DELETE") return new Response(null, { status: 204 });
    if (path.endsWith("/result")) return json(result);
    // Everything has arrived before the broken tile's answer was lost.
    return json(lost > 0 && opened > 0 ? exam("partial", "complete") : exam("receiving"));
  });
  const events: ExamEvent[] = [];
  const run = segmentExam(images, { fetch, url, chestWall: "left", mode: "job", idempotencyKey });
  for await (const event of run) events.push(event);
  const { status, breasts, views: found } = await run;
  expect(opened).toBe(1);
  expect(status).toBe("partial");
  expect(breasts.left).toMatchObject({ benign: 0.25, views: ["L-CC"], failed: ["L-MLO"] });
  expect(found["L-MLO"]).toMatchObject({ status: "failed", error: { code: "tile-damaged" } });
  expect(events.filter(({ event }) => event === "retry")).toHaveLength(1);
  const told = events.flatMap(({ event, data }) => (event === "exam" ? [data.images.map(({ state }) => state)] : []));
  expect(told.at(0)).toEqual(["receiving", "receiving"]);
  expect(told.at(-1)).toEqual(["complete", "complete"]);
  expect(calls.at(-1)).toMatchObject({ method: "DELETE", path: `/v1/exams/${id}` });
});

test("an exam that is known is not opened again; one that has expired is an error, and stays", async () => {
  const { fetch, url, calls } = fakeService(() => json({ ...exam("expired"), images: [] }));
  const options = { fetch, url, chestWall: "left", mode: "job", idempotencyKey, examId: id } as const;
  await expect(segmentExam(images, options)).rejects.toMatchObject({ code: "exam-not-found" });
  expect(calls.map(({ method }) => method)).toEqual(["GET"]);
});

test("what cannot be mended by another try is thrown", async () => {
  const { fetch, url, calls } = fakeService(() => problem("idempotency-key-reused"));
  const options = { fetch, url, chestWall: "left", mode: "job", idempotencyKey } as const;
  await expect(segmentExam(images, options)).rejects.toMatchObject({ code: "idempotency-key-reused" });
  expect(calls).toHaveLength(1);
});
