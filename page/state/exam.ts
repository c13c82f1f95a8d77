/**
 * @module
 * The page's state: the service, up to four images with their results, and how they are shown.
 */
import type { Segmentation } from "../../src/contract/index.ts";
import type { Manifest } from "../../src/contract/manifest.ts";
import type { Box } from "../../src/glam/contracts.ts";
import type { Scores } from "../../src/glam/saliency.ts";
import type { View } from "../../src/phantom/index.ts";
import type { GreyWindow } from "../viewer/grey-window.ts";
import type { Failure, LiveMaps, PreparedInfo, SourceInfo } from "../worker/protocol.ts";
import type { Decision } from "./same-exam.ts";

/** A screening examination has four views. */
export const MAX_SLOTS = 4;

export const CLASSES = ["benign", "malignant"] as const;
export type ClassName = (typeof CLASSES)[number];

/** The stage of an image. */
export type Stage = "reading" | "view-needed" | "preparing" | "ready" | "running" | "done" | "failed";

/** One region as far as it is known. */
export type RegionState = { rank: number; box: Box } & (
  | { status: "waiting" | "complete" }
  | { status: "failed"; failure: Failure }
);

/** What is known of a segmentation that runs. */
export type Progress = {
  phase: "encoding" | "upload" | "waiting" | "retrying" | "global" | "regions" | "computing" | "computed";
  sent: number;
  total: number;
};

/** One image. */
export type Slot = {
  id: number;
  /** The file's name, shown on this page only; it is never sent. */
  name: string;
  /** Which sample it is of; missing for the user's own images. */
  sample?: string;
  stage: Stage;
  view?: View;
  /** Where the view came from, so that the user can check it. */
  viewFrom?: "file" | "name" | "user" | "sample";
  /** Pixel spacing as typed, mm; empty when unknown. */
  spacing: string;
  source?: SourceInfo;
  prepared?: PreparedInfo;
  failure?: Failure;
  progress?: Progress;
  scores?: Scores;
  /** Only of a model that carries a calibration. */
  calibratedScores?: Segmentation["calibratedScores"];
  regions: RegionState[];
  maps?: LiveMaps;
  answer?: Segmentation;
  /** Grey values that are shown; the preset `auto` when missing. */
  window?: GreyWindow;
};

/** How results are drawn; the same for all images. */
export type Display = {
  /** The original's pixels; else the model's input. */
  original: boolean;
  /** Whether anything at all is drawn over the image. */
  marks: boolean;
  /** Patient and date beside the image, and files' names. */
  names: boolean;
  benign: boolean;
  malignant: boolean;
  /** Fill: the map as colour. */
  heat: boolean;
  contours: boolean;
  boxes: boolean;
  /** Lesions of a sample that are known. */
  known: boolean;
  /** Of the colours, 0 to 1. */
  opacity: number;
  /** Contours enclose what is at or above it, 0 to 1. */
  threshold: number;
  invert: boolean;
};

export type ServiceState =
  | { state: "connecting" }
  | { state: "ready"; manifest: Manifest }
  | { state: "key-needed"; refused: boolean }
  | { state: "failed"; failure: Failure };

export type Exam = {
  service: ServiceState;
  apiKey: string;
  slots: Slot[];
  /** The image that controls refer to. */
  active?: number;
  /** Whether the active image fills the viewer. */
  single: boolean;
  /** On images that are not of one examination. */
  decision?: Decision;
  display: Display;
  /** The region that the viewer shows large, by slot; a new object each time it is asked for. */
  focus?: { slot: number; rank: number };
  /** Text for screen readers. */
  announcement: string;
};

export const emptyExam: Exam = {
  service: { state: "connecting" },
  apiKey: "",
  slots: [],
  single: false,
  display: {
    original: true,
    marks: true,
    names: true,
    benign: true,
    malignant: true,
    heat: true,
    contours: true,
    boxes: true,
    known: false,
    opacity: 0.55,
    threshold: 0.5,
    invert: false,
  },
  announcement: "",
};

/** The image that controls refer to. */
export const activeSlot = (exam: Exam): Slot | undefined => exam.slots.find(({ id }) => id === exam.active);

/** Another exam in which one image has changed. */
export function withSlot(exam: Exam, id: number, change: (slot: Slot) => Partial<Slot>): Exam {
  return { ...exam, slots: exam.slots.map((slot) => (slot.id === id ? { ...slot, ...change(slot) } : slot)) };
}
