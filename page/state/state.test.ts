import { describe, expect, test } from "vitest";
import { hangingOrder } from "../viewer/hanging.ts";
import { breastScores } from "./breast-scores.ts";
import type { Slot } from "./exam.ts";
import { readSpacing } from "./session.ts";
import { createStore } from "./store.ts";
import { viewOfName } from "./view-of-name.ts";

test.each([
  ["case7_R-MLO.png", "R-MLO"],
  ["lcc.jpg", "L-CC"],
  ["RIGHT MLO.dcm", "R-MLO"],
  ["1234_LEFT_CC_1.png", "L-CC"],
  ["mlo-l.png", "L-MLO"],
  ["mdb028.png", undefined],
  ["accls.png", undefined],
  ["clcc2.png", undefined],
] as const)("the name %s speaks of %s", (name, view) => expect(viewOfName(name)).toBe(view));

test.each([
  ["0.07", 0.07],
  [" 0,14 ", 0.14],
  ["", undefined],
  ["7 cm", undefined],
  ["0", undefined],
  ["70", undefined],
] as const)("pixel spacing %j is %s", (text, value) => expect(readSpacing(text)).toBe(value));

test("scores of a breast are means over its views, and a breast that was not looked at has none", () => {
  const slot = (view: Slot["view"], malignant: number): Slot =>
    ({ view, answer: { scores: { benign: 0.5, malignant, calibrated: false } } }) as Slot;
  expect(breastScores({ slots: [slot("L-CC", 0.2), slot("L-MLO", 0.6), { view: "R-CC" } as Slot] })).toEqual([
    { side: "Left", scores: { benign: 0.5, malignant: 0.4 }, views: 2 },
  ]);
});

test("views hang with the right breast on the left and CC above MLO", () => {
  const views = hangingOrder([{ view: "L-MLO" }, {}, { view: "L-CC" }, { view: "R-MLO" }, { view: "R-CC" }] as Slot[]);
  expect(views.map(({ view }) => view)).toEqual(["R-CC", "L-CC", "R-MLO", "L-MLO", undefined]);
});

describe("store", () => {
  test("tells listeners of changes and of nothing else", () => {
    const store = createStore(1);
    const heard: number[] = [];
    const stop = store.subscribe(() => heard.push(store.get()));
    store.update((value) => value + 1);
    store.update((value) => value);
    stop();
    store.update((value) => value + 1);
    expect(heard).toEqual([2]);
  });
});
