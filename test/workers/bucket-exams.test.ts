import { exports } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { bucket, withTrouble } from "../support/bucket.ts";
import { readExam, sendExam, startExam, tinyExam } from "../support/exam-client.ts";
import { examObject, storedExam } from "../support/exam-objects.ts";
import type { Ask } from "../support/upload-client.ts";
import { storedIn } from "../support/upload-objects.ts";

const ask: Ask = (path, init) => exports.default.fetch(new Request(`https://glam.example${path}`, init));
const nothing = { keys: [], alarm: null };
const remove = (id: string) => ask(`/v1/exams/${id}`, { method: "DELETE" });

describe.runIf(bucket)("while a bucket takes an answer", () => {
  /** An exam of one image whose answer is under way to the bucket while `work` runs. */
  async function meanwhile(work: (id: string) => Promise<void>) {
    const exam = await startExam(ask, tinyExam(["L-CC"]));
    const object = await examObject(exam.id);
    await withTrouble(object, async (trouble) => {
      trouble.held = object;
      await sendExam(ask, exam);
      await expect.poll(() => trouble.waiting, { timeout: 30_000 }).toBe(1);
      await work(exam.id);
      trouble.held = undefined;
    });
    return { id: exam.id, upload: exam.images[0].upload };
  }

  test("its exam is deleted: the answer is dropped and nothing stays", async () => {
    const { id, upload } = await meanwhile(async (id) => {
      expect((await remove(id)).status).toBe(204);
      expect((await storedExam(id)).keys).toEqual([expect.stringMatching(/^unheld:/)]);
    });
    await expect.poll(() => storedExam(id), { timeout: 30_000, interval: 100 }).toEqual(nothing);
    expect(await storedIn(upload)).toEqual(nothing);
  });

  test("the exam runs; with the answer it is complete", async () => {
    const { id } = await meanwhile(async (id) => {
      expect((await readExam(ask, id)).state).toBe("running");
    });
    await expect.poll(async () => (await readExam(ask, id)).state, { timeout: 30_000 }).toBe("complete");
    expect((await storedExam(id)).keys.filter((key) => key.includes("/"))).toHaveLength(1);
    expect((await remove(id)).status).toBe(204);
    expect(await storedExam(id)).toEqual(nothing);
  });
});
