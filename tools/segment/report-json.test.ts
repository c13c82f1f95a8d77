import { expect, test } from "vitest";
import { readDicom } from "../../src/device/dicom/index.ts";
import { halfEllipse } from "../../src/device/preprocess/fixture.ts";
import { mammogramFile } from "../../test/support/dicom-mammogram.ts";
import { answerFor } from "../../test/support/fake-service.ts";
import { reportJson } from "./report-json.ts";

const noticed = [{ code: "pixel-spacing-unknown", detail: "Guessed." }];
const told = [{ code: "regions-failed", detail: "One." }];

test("holds the warnings of both sides, and the name of the file alone of a picture", () => {
  const answer = { ...answerFor("L-CC", 0.25), warnings: told };
  const report = reportJson(answer, { file: "/home/someone/films/a b.png" }, noticed);
  expect(report).toEqual({ ...answer, input: { file: "a b.png" }, warnings: [...noticed, ...told] });
});

test("holds the SOPInstanceUID of a DICOM file", async () => {
  const dicom = await readDicom(mammogramFile(halfEllipse(40, 48, { bits: 12 }), { view: "L-CC" }));
  expect(reportJson(answerFor("L-CC", 0.25), { file: "study.dcm", dicom }, dicom.warnings).input).toEqual({
    file: "study.dcm",
    sopInstanceUid: "2.25.111.1",
  });
});
