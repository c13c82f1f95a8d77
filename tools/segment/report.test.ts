import { expect, test } from "vitest";
import { answerFor } from "../../test/support/fake-service.ts";
import { describeAnswer } from "./report.ts";

test("says of scores what they are, and on what calibrated ones were fitted", () => {
  const answer = answerFor("L-MLO", 0.25);
  expect(describeAnswer(answer)).toContain("scores     benign 0.250, malignant 0.500 (uncalibrated)");
  expect(describeAnswer(answer).join()).not.toContain("fitted on");
  const calibratedScores = { benign: 0.1, malignant: 0.75, fittedOn: "60 phantoms" };
  const lines = describeAnswer({ ...answer, calibratedScores });
  expect(lines).toContain("scores     benign 0.250, malignant 0.500 (uncalibrated)");
  expect(lines).toContain("calibrated benign 0.100, malignant 0.750 (fitted on: 60 phantoms)");
});
