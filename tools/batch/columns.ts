/**
 * @module
 * Columns of the tables of a run, in their order. docs/reference/batch-tables.md is made of them.
 */

/** Of results.csv: a row for each view. */
export const viewColumns: Record<string, string> = {
  file: "path below the folder, or as the list has it; `line N of the list` for a row that cannot be read",
  exam: "the row of exams.csv; empty for a file that was skipped, or that failed and is nobody's",
  patient: "of the list, else PatientID",
  study: "StudyInstanceUID",
  view: "`L-CC`, `L-MLO`, `R-CC` or `R-MLO`; of a file that failed, if it is known",
  status: "`complete`, `partial` (a region failed), `failed` or `skipped`",
  code: "why there is no answer: a problem code; results.jsonl says it in words",
  benign: "uncalibrated score, 0 to 1",
  malignant: "uncalibrated score, 0 to 1",
  benign_outlines: "outlined areas",
  malignant_outlines: "outlined areas",
  benign_mm2: "their area together; empty where no pixel spacing is known",
  malignant_mm2: "their area together; empty where no pixel spacing is known",
  failed_regions: "regions that could not be looked at closely",
  warnings: "codes, separated by spaces; results.jsonl says them in words",
};

/** Of exams.csv: a row for each patient and study. */
export const examColumns: Record<string, string> = {
  exam: "number, from 1, in the order of patients and studies",
  patient: "as in results.csv",
  study: "as in results.csv",
  views: "files of the exam, those that failed included",
  failed: "files that failed",
  left_benign: "mean over the left breast's views; several images of one view count as their mean",
  left_malignant: "the same",
  right_benign: "mean over the right breast's views",
  right_malignant: "the same",
  benign: "mean over the views of both breasts",
  malignant: "the same",
};
