/**
 * @module
 * Exams whose Worker is killed while it receives, computes and answers them, and what is left of each.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Exam, examSchema } from "../../src/contract/index.ts";
import { type View, views } from "../../src/glam/view.ts";
import { createRandom } from "../../src/phantom/random.ts";
import { type BareWorker, startBareWorker } from "../../test/support/bare-worker.ts";
import { examTiles, postExam, readResult, tinyExam } from "../../test/support/exam-client.ts";
import { bucketObjects, foundOnDisk, storedValues } from "../../test/support/exam-disk.ts";
import { patientAsk } from "../../test/support/patient-ask.ts";
import { tinyCanvas, tinyForm } from "../../test/support/tiny-image.ts";
import { type Ask, putTile, withoutId } from "../../test/support/upload-client.ts";
import { hookHost, hookSecret, webhookReceiver } from "../../test/support/webhook-receiver.ts";

const MODEL = "glam-tiny-simd";
/** In every header, name and field that a caller may fill; found nowhere afterwards. */
const MARK = "PLANTED7f3aDoeJane1961";

/** How many exams and kills, how long an exam is kept in milliseconds, and which exams the caller deletes. */
export type KillOptions = {
  exams: number;
  /** Exams that are under way at once. */
  atOnce: number;
  kills: number;
  seed: number;
  ttlMs: number;
  deleted: (exam: number) => boolean;
  /** Whether tiles and answers lie in a bucket. */
  bucket: boolean;
};

/** What became of all of them. */
export type KillReport = {
  exams: number;
  kills: number;
  /** Exams without a whole result. */
  lost: number;
  /** Identifiers beyond one for each key. */
  doubled: number;
  /** Images that were begun again after their answer was there. */
  computedAgain: number;
  /** Images that were begun again because a kill cut them off. */
  begunAgain: number;
  /** Answers that differ from the direct ones. */
  different: number;
  /** Exams whose end was told by no webhook, and exams that have two identifiers for it. */
  untold: number;
  toldTwice: number;
  /** Messages received, repeated ones included. */
  messages: number;
  /** Planted texts that were found on the disk, in the log, in a webhook. */
  planted: { disk: number; log: number; webhooks: number };
  /** Values that objects of exams and uploads store before the last exam has expired, and in the end. */
  stored: number;
  leftOver: number;
  /** Most objects of the bucket that were seen at once, and those in the end. */
  inBucket: number;
  leftInBucket: number;
};

type Outcome = {
  seed: number;
  ids: Set<string>;
  reference: string;
  images: Exam["images"];
  answers: string[];
  again: number;
};

/** Identifiers that open something. */
type Secrets = Pick<Outcome, "ids" | "images">;
const secretsOf = ({ ids, images }: Secrets): string[] => [...ids, ...images.map(({ upload }) => upload)];

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs exams a few at a time, with the kills at random moments of them. */
export async function killExams(options: KillOptions, say: (line: string) => void = () => {}): Promise<KillReport> {
  const random = createRandom(options.seed, "kills");
  const storage = await mkdtemp(join(tmpdir(), "glam-exams-"));
  const { received, outside } = webhookReceiver((delivery) => delivery % 5 === 4);
  const lines: string[] = [];
  const apiKey = `${MARK}-the-key-of-a-hospital`;
  const worker = await startBareWorker(
    {
      API_KEYS: apiKey,
      FANOUT: "inline",
      MAX_EXAMS: "1000",
      EXAM_TTL_MS: String(options.ttlMs),
      WEBHOOK_HOSTS: hookHost,
      WEBHOOK_SECRETS: hookSecret,
    },
    { storage, bucket: options.bucket, outside, log: (line) => lines.push(line) },
  );
  const disk: string[] = [];
  let inBucket = 0;
  /** Looks at the disk while an exam is on it. */
  const inspect = async (outcome: Secrets): Promise<void> => {
    const found = await foundOnDisk(storage, [MARK, "IHDR", "lookAt", ...secretsOf(outcome)]);
    // Each record names its fields, so a look that finds none would be blind.
    if (!found.includes("lookAt")) throw new Error("The disk cannot be read.");
    disk.push(...found.filter((text) => text !== "lookAt"));
    inBucket = Math.max(inBucket, (await bucketObjects(storage)).length);
  };
  const ask = patientAsk(() => worker.url, { "x-api-key": apiKey, "user-agent": MARK, "x-patient-name": MARK });
  try {
    // Without a kill, to know how long one takes.
    const began = performance.now();
    await runExam(ask, 0, options.deleted(0), inspect);
    const usualMs = performance.now() - began;
    say(`one exam takes ${usualMs.toFixed(0)} ms without a kill`);
    const outcomes: (Outcome | undefined)[] = [];
    for (let first = 1; first <= options.exams; first += options.atOnce) {
      const last = Math.min(first + options.atOnce - 1, options.exams);
      // As many kills as exams, or another number spread over them.
      const until = (exam: number) => Math.floor((options.kills * exam) / options.exams);
      const times = until(last) - until(first - 1);
      const killing = killAt(
        worker,
        Array.from({ length: times }, () => random.uniform(0, usualMs)),
      );
      const running = Array.from({ length: last - first + 1 }, async (_, k) => {
        const exam = first + k;
        return runExam(ask, exam, options.deleted(exam), inspect).catch((error: unknown) => {
          say(`exam ${exam}: ${String(error)}`);
          return undefined;
        });
      });
      outcomes.push(...(await Promise.all(running)));
      await killing;
      if (Math.floor(last / 10) > Math.floor((first - 1) / 10)) say(`${last} exams`);
    }
    const whole = outcomes.filter((outcome) => outcome !== undefined);
    const different = await differences(ask, whole);
    disk.push(...(await foundOnDisk(storage, [MARK, ...whole.flatMap(secretsOf)])));
    const stored = await valuesStored(storage);
    // What is kept of an exam ends, then the word that it has expired; a webhook may be tried again meanwhile.
    const ends = performance.now() + 2 * options.ttlMs + 30_000;
    while ((await valuesStored(storage)) + (await bucketObjects(storage)).length > 0 && performance.now() < ends)
      await pause(2_000);
    disk.push(...(await foundOnDisk(storage, [MARK, ...whole.flatMap(secretsOf)])));
    const told = (reference: string) =>
      new Set(
        received
          .filter(({ message }) => message.data.id === reference && message.data.state !== "expired")
          .map(({ id }) => id),
      );
    return {
      exams: options.exams,
      kills: options.kills,
      lost: options.exams - whole.length,
      doubled: whole.reduce((sum, { ids }) => sum + ids.size - 1, 0),
      computedAgain: whole.reduce((sum, { again }) => sum + again, 0),
      begunAgain: whole.reduce((sum, { images }) => sum + images.reduce((more, { tries }) => more + tries - 1, 0), 0),
      different,
      untold: whole.filter(({ reference }) => told(reference).size === 0).length,
      toldTwice: whole.filter(({ reference }) => told(reference).size > 1).length,
      messages: received.length,
      planted: {
        disk: disk.length,
        log: lines.filter((line) => line.includes(MARK)).length,
        webhooks: received.filter(({ text }) => text.includes(MARK)).length,
      },
      stored,
      leftOver: await valuesStored(storage),
      inBucket,
      leftInBucket: (await bucketObjects(storage)).length,
    };
  } finally {
    await worker.stop();
    await rm(storage, { recursive: true });
  }
}

/** How many values the objects of exams and uploads store. */
const valuesStored = async (storage: string): Promise<number> =>
  (await Promise.all(["ExamSession", "UploadSession"].map((name) => storedValues(storage, name)))).flat().length;

/** Kills at these moments from now on, each counted from the last one. */
async function killAt(worker: BareWorker, moments: readonly number[]): Promise<void> {
  for (const moment of moments) {
    await pause(moment);
    await worker.kill();
  }
}

/** Sends an exam until it is answered; the caller repeats whatever was not answered. */
async function runExam(
  ask: Ask,
  seed: number,
  remove: boolean,
  inspect: (secrets: Secrets) => Promise<void>,
): Promise<Outcome> {
  const key = `${MARK}-${crypto.randomUUID()}`;
  const body = {
    ...tinyExam(views, seed),
    model: MODEL,
    webhook: { url: `https://${hookHost}/${MARK}?name=${MARK}` },
  };
  const open = async () => {
    const response = await postExam(ask, body, key, { "content-disposition": `attachment; filename="${MARK}.dcm"` });
    if (response.status !== 202) throw new Error(`POST answers ${response.status}: ${await response.text()}`);
    return examSchema.parse(await response.json());
  };
  const exam = await open();
  const ids = new Set([exam.id, (await open()).id]);
  for (const [i, { upload }] of exam.images.entries()) {
    for (const tile of examTiles(seed + i)) {
      const response = await putTile(ask, upload, tile, {
        "content-disposition": `attachment; filename="${MARK}.dcm"`,
      });
      // It had arrived, and its answer was lost.
      if (response.status === 404 && (await look(ask, exam.id)).state !== "receiving") continue;
      if (response.status !== 200) throw new Error(`PUT answers ${response.status}: ${await response.text()}`);
    }
  }
  await inspect({ ids, images: exam.images });
  const before = new Map<number, number>();
  let again = 0;
  let last = exam;
  for (let left = 12_000; !["complete", "partial", "failed", "expired"].includes(last.state); left--) {
    if (left === 0) throw new Error(`The exam stays ${last.state}.`);
    await pause(50);
    last = await look(ask, exam.id);
    for (const [i, { state, tries }] of last.images.entries()) {
      if (before.has(i) && before.get(i) !== tries) again++;
      if (state === "complete") before.set(i, tries);
    }
  }
  if (last.state !== "complete") throw new Error(`The exam is ${last.state}: ${JSON.stringify(last.images)}`);
  const result = await readResult(ask, exam.id);
  ids.add((await open()).id);
  await inspect({ ids, images: exam.images });
  if (remove) await ask(`/v1/exams/${exam.id}`, { method: "DELETE" });
  const answers = result.images.map(({ answer }) => withoutId(JSON.stringify(answer)));
  return { seed, ids, reference: exam.reference, images: last.images, answers, again };
}

const look = async (ask: Ask, id: string): Promise<Exam> =>
  examSchema.parse(await (await ask(`/v1/exams/${id}`)).json());

/** How many answers are not, to the last bit, what a direct request gives for the same tiles. */
async function differences(ask: Ask, outcomes: readonly Outcome[]): Promise<number> {
  let different = 0;
  for (const { answers, seed } of outcomes) {
    for (const [j, view] of (views as readonly View[]).entries()) {
      const form = tinyForm(tinyCanvas(16, seed + j), "png", { view, regions: 2, model: MODEL });
      const direct = await ask("/v1/segmentations", { method: "POST", body: form });
      if (withoutId(await direct.text()) !== answers[j]) different++;
    }
  }
  return different;
}
