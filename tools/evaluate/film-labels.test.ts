import { expect, test } from "vitest";
import { parseFilmLabels } from "./film-labels.ts";

const header = "image,patient,tissue,label,n_annotations,circles_xyr_toporigin";

test("reads labels and circles", () => {
  const rows = parseFilmLabels(
    `${header}\r\na1,3,F,benign,2,CIRC:B:477:891:30;CALC:M:1:2:3.5\r\na2,3,F,normal,0,\n\na3,4,D,malignant,1,\n`,
  );
  expect(rows).toEqual([
    {
      image: "a1",
      patient: "3",
      labels: { benign: true, malignant: false },
      annotations: 2,
      circles: [
        { kind: "benign", x: 477, y: 891, radius: 30 },
        { kind: "malignant", x: 1, y: 2, radius: 3.5 },
      ],
    },
    { image: "a2", patient: "3", labels: { benign: false, malignant: false }, annotations: 0, circles: [] },
    { image: "a3", patient: "4", labels: { benign: false, malignant: true }, annotations: 1, circles: [] },
  ]);
});

test("columns may come in any order, and those for places may be missing", () => {
  const [row] = parseFilmLabels("label,patient,image\nbenign+malignant,9,x.png\n");
  expect(row).toMatchObject({ image: "x", patient: "9", labels: { benign: true, malignant: true }, circles: [] });
});

test.each([
  ["", /Line 1 .* no column "image"/],
  ["image,patient\na,1", /Line 1 .* no column "label"/],
  [header, /Line 2 .* no films/],
  [`${header}\na,1,F,benign,1`, /Line 2 .* 5 fields, the header 6/],
  [`${header}\na,1,F,cancer,0,`, /Line 2 .* label/],
  [`${header}\na,,F,normal,0,`, /Line 2 .* no patient/],
  [`${header}\na,1,F,normal,0,\na,1,F,normal,0,`, /Line 3 .* second time/],
  [`${header}\n../a,1,F,normal,0,`, /Line 2 .* no plain file name/],
  [`${header}\na,1,F,benign,1,CIRC:B:12:30`, /Line 2 .* circle/],
  [`${header}\na,1,F,benign,1,CIRC:B:12:30:0`, /Line 2 .* circle/],
  [`${header}\na,1,F,benign,x,`, /Line 2 .* n_annotations/],
])("says which line is wrong and why: %j", (text, message) => {
  expect(() => parseFilmLabels(text)).toThrow(message);
  expect(() => parseFilmLabels(text)).toThrow(expect.objectContaining({ code: "invalid-request" }));
});
