/**
 * @module
 * Whether images belong to one examination of one patient, as far as their files say. Compared in the browser; nothing of it is
 * sent.
 */
import type { Exam, Slot } from "./exam.ts";
import type { Subject } from "./subject.ts";
import { subjectOf } from "./subject.ts";

/** In what two images differ, in words. */
export type Difference = "patient ID" | "name" | "date of birth" | "examination" | "sample";

/** Images that agree; `subject` is the first one's. */
export type Group = { subject: Subject; slots: Slot[] };

/** `study`: one patient, several examinations. */
export type Mismatch = { kind: "patient" | "study"; groups: Group[]; differences: Difference[] };

/** The user's decision on subjects that differ: all are one examination, or each image is judged by itself. */
export type Decision = { subjects: readonly string[]; as: "one" | "apart" };

/** Family and given name, the alphabetic writing only, whatever the case: devices differ in middle names and titles. */
const nameOf = (name: string | undefined): string | undefined =>
  name
    ?.split("=")[0]
    .toLowerCase()
    .split("^")
    .slice(0, 2)
    .join(" ")
    .replaceAll(/[\s,]+/g, " ")
    .trim() || undefined;

/** An attribute that is missing on one side is not a difference. */
export function differencesOf(one: Subject, other: Subject): Difference[] {
  const unlike = (a: string | undefined, b: string | undefined) => a !== undefined && b !== undefined && a !== b;
  return [
    ...(one.sample !== other.sample ? (["sample"] as const) : []),
    ...(unlike(one.patientId?.toLowerCase(), other.patientId?.toLowerCase()) ? (["patient ID"] as const) : []),
    ...(unlike(nameOf(one.patientName), nameOf(other.patientName)) ? (["name"] as const) : []),
    ...(unlike(one.birthDate, other.birthDate) ? (["date of birth"] as const) : []),
    ...(unlike(one.studyUid, other.studyUid) ? (["examination"] as const) : []),
  ];
}

/** Undefined when the images may be of one examination. */
export function mismatchOf(slots: readonly Slot[]): Mismatch | undefined {
  const groups: Group[] = [];
  const found = new Set<Difference>();
  for (const slot of slots) {
    const subject = subjectOf(slot);
    if (!subject) continue;
    const differences = groups.map((group) => differencesOf(group.subject, subject));
    const at = differences.findIndex((list) => list.length === 0);
    if (at >= 0) groups[at].slots.push(slot);
    else groups.push({ subject, slots: [slot] });
    if (at < 0) for (const difference of differences.flat()) found.add(difference);
  }
  if (groups.length < 2) return undefined;
  const differences = [...found];
  const kind = differences.some((difference) => difference !== "examination") ? "patient" : "study";
  return { kind, groups, differences };
}

/** Names a subject in a decision. */
const keyOf = (subject: Subject): string => JSON.stringify(Object.entries(subject).sort());

/** The decision on all images that are there now. */
export function decide(slots: readonly Slot[], as: Decision["as"]): Decision {
  return { subjects: slots.flatMap((slot) => subjectOf(slot) ?? []).map(keyOf), as };
}

/** The mismatch that the user has not decided; nothing is segmented before. */
export function openMismatch({ slots, decision }: Pick<Exam, "slots" | "decision">): Mismatch | undefined {
  const mismatch = mismatchOf(slots);
  return mismatch && !isDecided(slots, decision) ? mismatch : undefined;
}

/** Whether images count as one examination: scores are averaged then, and not otherwise. */
export function isOneExam({ slots, decision }: Pick<Exam, "slots" | "decision">): boolean {
  return mismatchOf(slots) === undefined || (isDecided(slots, decision) && decision?.as === "one");
}

const isDecided = (slots: readonly Slot[], decision: Decision | undefined): boolean =>
  slots.every((slot) => {
    const subject = subjectOf(slot);
    return subject === undefined || (decision?.subjects.includes(keyOf(subject)) ?? false);
  });
