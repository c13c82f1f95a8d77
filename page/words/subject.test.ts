import { expect, test } from "vitest";
import { personName, subjectLines } from "./subject.ts";

test.each([
  ["Doe^Jane^^Dr", "Doe, Jane"],
  ["Yamada^Taro=山田^太郎", "Yamada, Taro (山田, 太郎)"],
  ["DOE", "DOE"],
  ["^^", ""],
])("%s is read %j", (name, words) => expect(personName(name)).toBe(words));

test("beside an image stand who and when, as far as it is known", () => {
  const jane = { patientName: "Doe^Jane", patientId: "7", birthDate: "19610203", studyDate: "20260102", studyUid: "1" };
  expect(subjectLines(jane)).toEqual(["Doe, Jane · ID 7 · born 1961-02-03", "examined 2026-01-02"]);
  expect(subjectLines({ studyUid: "1" })).toEqual([]);
  expect(subjectLines({ sample: "film" })).toEqual([]);
});
