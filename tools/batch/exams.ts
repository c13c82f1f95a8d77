/**
 * @module
 * Views of one examination together: scores of each breast and of the woman.
 */
import type { JudgedImage } from "../../src/glam/exam-scores.ts";
import type { ClassScores } from "../../src/glam/mean-scores.ts";
import type { View } from "../../src/glam/view.ts";
import type { FileIdentity } from "../files/segment-file.ts";
import type { BatchItem } from "./find-files.ts";

/** One view as far as an exam needs it; without scores it failed. */
export type ExamView = { file: string; patient: string; study: string; view: View | undefined; scores?: ClassScores };

export type Exam = {
  /** From 1, in the order of patients and studies. */
  number: number;
  patient: string;
  study: string;
  views: ExamView[];
};

/** Whose view it is: what the list says, else what the header says. */
export const ownerOf = ({ patient }: Pick<BatchItem, "patient">, identity: FileIdentity) => ({
  patient: patient ?? identity.patient,
  study: identity.study,
});

/** Views of the same patient and study are one exam; one of nobody and no study is an exam of its own. */
export function groupExams(views: readonly ExamView[]): Exam[] {
  const groups = new Map<string, ExamView[]>();
  for (const one of views) {
    const key = JSON.stringify([one.patient, one.study, one.patient + one.study === "" ? one.file : ""]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const order = [...groups.keys()].sort();
  return order.map((key, i) => {
    const inside = groups.get(key) ?? [];
    const [{ patient, study }] = inside;
    return { number: i + 1, patient, study, views: inside };
  });
}

/** Views that have a name, for the scores of breasts and of the woman; those without scores failed. */
export const imagesOf = ({ views }: Pick<Exam, "views">): JudgedImage[] =>
  views.flatMap(({ view, scores }) => (view === undefined ? [] : [{ view, scores }]));
