import { describe, expect, test } from "vitest";
import { breastScores } from "./breast-scores.ts";
import type { Slot } from "./exam.ts";
import { decide, isOneExam, mismatchOf, openMismatch } from "./same-exam.ts";
import type { Subject } from "./subject.ts";

const jane: Subject = { patientId: "P-1", patientName: "Doe^Jane", birthDate: "19610203", studyUid: "1.2" };
let last = 0;
const slot = (identity?: Subject, sample?: string): Slot =>
  ({
    id: ++last,
    view: "L-CC",
    source: { identity },
    answer: { scores: { benign: 0.1, malignant: 0.9 } },
    ...(sample ? { sample } : {}),
  }) as unknown as Slot;

describe("images of one examination", () => {
  test.each<[string, Subject | undefined]>([
    ["the same", { ...jane }],
    ["a file that says nothing", undefined],
    ["a file without identifiers", {}],
    ["a name in capitals, with a title and a second writing", { ...jane, patientName: "DOE^JANE^^Dr=山^田" }],
    ["a file without a name", { patientId: "p-1", studyUid: "1.2" }],
  ])("%s", (_, other) => {
    const slots = [slot(jane), slot(other)];
    expect(mismatchOf(slots)).toBeUndefined();
    expect(breastScores({ slots })).toMatchObject([{ side: "Left", views: 2 }]);
  });
});

describe("images that are not", () => {
  test.each<[string, Subject, string, string[]]>([
    ["another ID", { ...jane, patientId: "P-2" }, "patient", ["patient ID"]],
    ["another name", { ...jane, patientName: "Roe^Jane" }, "patient", ["name"]],
    ["another birthday", { ...jane, birthDate: "19610204" }, "patient", ["date of birth"]],
    ["another examination", { ...jane, studyUid: "1.3" }, "study", ["examination"]],
    ["a sample", { sample: "film" }, "patient", ["sample"]],
  ])("%s", (_, { sample, ...other }, kind, differences) => {
    const slots = [slot(jane), slot(sample ? undefined : other, sample), slot(jane)];
    const found = mismatchOf(slots);
    expect(found).toMatchObject({ kind, differences });
    expect(found?.groups.map((group) => group.slots.length)).toEqual([2, 1]);
    expect(openMismatch({ slots })).toEqual(found);
    expect(breastScores({ slots })).toEqual([]);
  });

  test("a decision holds for these subjects and for fewer of them, and is asked for again when another one comes", () => {
    const [first, second, third] = [
      slot(jane),
      slot({ ...jane, patientId: "P-2" }),
      slot({ ...jane, patientId: "P-3" }),
    ];
    const one = decide([first, second], "one");
    expect(openMismatch({ slots: [first, second], decision: one })).toBeUndefined();
    expect(breastScores({ slots: [first, second], decision: one })).toMatchObject([{ views: 2 }]);
    expect(openMismatch({ slots: [first, second, third], decision: one })).toBeDefined();
    expect(breastScores({ slots: [first, second, third], decision: one })).toEqual([]);
    const apart = decide([first, second, third], "apart");
    expect(openMismatch({ slots: [first, third], decision: apart })).toBeUndefined();
    expect(isOneExam({ slots: [first, third], decision: apart })).toBe(false);
    expect(isOneExam({ slots: [first], decision: apart })).toBe(true);
  });
});
