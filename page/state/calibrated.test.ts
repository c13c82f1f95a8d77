import { expect, test } from "vitest";
import { calibratedOf } from "./calibrated.ts";
import type { Exam, Slot } from "./exam.ts";

const scores = { benign: 0.1, malignant: 0.2, fittedOn: "60 films" };
const exam = (kinds?: string[]) => ({ service: { state: "ready", manifest: { scoreCalibration: { kinds } } } }) as Exam;
const slot = (part: object, codes: string[] = []): Slot =>
  ({
    calibratedScores: scores,
    source: {},
    answer: { warnings: codes.map((code) => ({ code, detail: "" })) },
    ...part,
  }) as Slot;

test.each<[string, Slot, string[] | undefined, object | undefined]>([
  ["of their kind", slot({ source: { kind: "film" } }), ["film"], { scores }],
  ["a film, as its background tells", slot({ prepared: { filmBackground: true } }), ["digital", "film"], { scores }],
  ["of another kind", slot({ source: { kind: "phantom" } }), ["film"], { why: "This image is a phantom." }],
  ["of a kind that nobody knows", slot({}), ["film"], { why: "It is not known how this image was made." }],
  [
    "by a model that does not say",
    slot({ source: { kind: "film" } }),
    undefined,
    { why: expect.stringMatching(/does not say/) },
  ],
  [
    "unlike training",
    slot({ source: { kind: "film" } }, ["unlike-training"]),
    ["film"],
    { why: expect.stringMatching(/unlike/) },
  ],
  ["without a calibration", slot({ calibratedScores: undefined }), ["film"], undefined],
])("calibrated scores of images %s", (_, image, kinds, shown) => {
  expect(calibratedOf(image, exam(kinds))).toEqual(shown);
});
