/**
 * @module
 * Exams as a client sends them, over anything that answers requests. Runs in Node and in workerd.
 */
import {
  type Exam,
  type ExamRequestInput,
  type ExamResultAnswer,
  examResultSchema,
  examSchema,
} from "../../src/contract/index.ts";
import type { EncodedTile } from "../../src/device/client/encode-tiles.ts";
import type { View } from "../../src/glam/view.ts";
import { tinyCanvas, tinyRequest, tinyTiles } from "./tiny-image.ts";
import { type Ask, putTiles } from "./upload-client.ts";

/** The tiles of a tiny image, another one for each seed. */
export const examTiles = (seed: number): EncodedTile[] => tinyTiles(tinyCanvas(16, seed), "png");

/** The body for tiny images of these views; image `i` is made of seed `first + i`. */
export function tinyExam(views: readonly View[], first = 0): ExamRequestInput {
  const { view: _, canvas, tile, ...options } = tinyRequest;
  const images = views.map((view, i) => ({
    view,
    tiles: examTiles(first + i).map(({ row, col }): [number, number] => [row, col]),
  }));
  return { ...options, canvas: canvas ?? never(), tile: tile ?? never(), regions: 2, images };
}

const never = (): never => {
  throw new Error("The tiny request has a grid.");
};

/** `POST /v1/exams`. */
export const postExam = async (
  ask: Ask,
  body: object,
  key: string = crypto.randomUUID(),
  headers: Record<string, string> = {},
): Promise<Response> =>
  ask("/v1/exams", {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json", "idempotency-key": key, ...headers },
  });

/** Starts an exam; it must succeed. */
export async function startExam(ask: Ask, body: object, key?: string): Promise<Exam> {
  const response = await postExam(ask, body, key);
  if (response.status !== 202) throw new Error(await response.text());
  return examSchema.parse(await response.json());
}

/** Sends the tiles of all images. */
export async function sendExam(ask: Ask, exam: Exam, first = 0): Promise<void> {
  for (const [i, { upload }] of exam.images.entries()) await putTiles(ask, upload, examTiles(first + i));
}

/** `GET` of an exam that is there. */
export const readExam = async (ask: Ask, id: string): Promise<Exam> =>
  examSchema.parse(await (await ask(`/v1/exams/${id}`)).json());

/** `GET` of the result of an exam that is finished. */
export async function readResult(ask: Ask, id: string): Promise<ExamResultAnswer> {
  const response = await ask(`/v1/exams/${id}/result`);
  if (response.status !== 200) throw new Error(await response.text());
  const result = (await response.json()) as ExamResultAnswer;
  examResultSchema.parse(result);
  // As it came: the parser sorts fields.
  return result;
}
