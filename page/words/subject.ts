/**
 * @module
 * Patient and examination, for people to read.
 */
import type { Subject } from "../state/subject.ts";

/** `Doe^Jane=...` as `Doe, Jane`; other scripts follow in brackets. */
export function personName(name: string): string {
  const [first, ...others] = name
    .split("=")
    .map((writing) => writing.split("^").slice(0, 2).filter(Boolean).join(", "))
    .filter(Boolean);
  return others.length === 0 ? (first ?? "") : `${first} (${others[0]})`;
}

/** `20260102` as `2026-01-02`. */
export const day = (date: string): string => `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`;

/** Lines that stand beside an image: who, and when. */
export function subjectLines({ sample, patientName, patientId, birthDate, studyDate }: Subject): string[] {
  if (sample !== undefined) return [];
  const who = [
    patientName === undefined ? undefined : personName(patientName),
    patientId === undefined ? undefined : `ID ${patientId}`,
    birthDate === undefined ? undefined : `born ${day(birthDate)}`,
  ].filter((words) => words !== undefined && words !== "");
  return [...(who.length > 0 ? [who.join(" · ")] : []), ...(studyDate ? [`examined ${day(studyDate)}`] : [])];
}
