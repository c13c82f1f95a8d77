/**
 * @module
 * Messages between the page and its web worker. The worker holds each image under a number, its slot; heavy work runs in the
 * worker.
 */
import type { ErrorCode, ImageStanding, Segmentation, ServiceEvent } from "../../src/device/client/index.ts";
import type { DicomIdentity } from "../../src/device/dicom/header/identity.ts";
import type { Background, PreprocessWarning } from "../../src/device/preprocess/index.ts";
import type { Box, Canvas } from "../../src/glam/contracts.ts";
import type { ImageKind } from "../../src/glam/score-calibration.ts";
import type { Size, Spec } from "../../src/glam/spec.ts";
import type { LesionKind, View } from "../../src/phantom/index.ts";

/** A small grey picture: `[height, width]` row-major, 0 to 255. */
export type Preview = Size & { levels: Uint8ClampedArray };

/** What is known of an image once its file is read. */
export type SourceInfo = Size & {
  /** `[height, width]` row-major, 0 to 2^bits - 1. */
  pixels: Uint8Array | Uint16Array;
  bits: number;
  format: "png" | "jpeg" | "pgm" | "dicom" | "phantom";
  preview: Preview;
  /** Kind of the image; missing where it is not known. */
  kind?: ImageKind | undefined;
  /** What the file says of itself. */
  view?: View | undefined;
  pixelSpacing?: number | undefined;
  /** Grey values between which the file would have the image shown. */
  window?: { low: number; high: number } | undefined;
  /** Patient and examination of a DICOM file; shown and compared in the browser, never sent. */
  identity?: DicomIdentity | undefined;
  /** Warnings in words. */
  notes: string[];
};

/** A lesion that is known, of a sample. `rings` are closed, [x, y] corners; the first is the outer one. */
export type KnownLesion = { kind: LesionKind; words: string; rings: [number, number][][] };

/** What is known of a sample's picture beforehand; lesions in pixels of the picture. */
export type SampleFacts = { known: KnownLesion[]; background: Background | "auto"; kind: ImageKind };

/** The result of preprocessing an image. */
export type PreparedInfo = {
  canvas: Canvas;
  bits: number;
  mirrored: boolean;
  scale: number;
  /** Of a canvas pixel, mm. */
  pixelSpacing?: number | undefined;
  /** The part of the source that was kept, in source pixels. */
  crop: Box;
  /** Corner of the canvas, as shown and not as mirrored, in the source scaled by `scale`: canvas pixels from its top left corner. */
  corner: { left: number; top: number };
  filmBackground: boolean;
  /** Of samples, in canvas pixels; empty where there is none, missing where they are not known. */
  known?: KnownLesion[] | undefined;
  warnings: PreprocessWarning[];
  preview: Preview;
};

/** Options of a sample. */
export type SampleOptions = {
  seed: number;
  view: View;
  lesions?: readonly LesionKind[];
  framed?: boolean;
  /** A view of an examination, whose seed is the woman. */
  exam?: boolean;
};

/** Fused maps as far as they are known: 0 to 255 = probability * 255, `[height, width]` each. */
export type LiveMaps = Size & { benign: Uint8Array; malignant: Uint8Array };

/** Events of a running segmentation. */
export type RunEvent =
  | { kind: "upload"; sent: number; total: number }
  | { kind: "retry" }
  | { kind: "stream"; event: ServiceEvent; maps?: LiveMaps | undefined };

/** Events of an image in an exam that runs as a job; the last one is `answer` or `failed`. */
export type ExamRunEvent = {
  slot: number;
  event:
    | Exclude<RunEvent, { kind: "stream" }>
    | { kind: "standing"; state: ImageStanding["state"] }
    | { kind: "answer"; answer: Segmentation; maps?: LiveMaps | undefined }
    | { kind: "failed"; failure: Failure };
};

/** Calls: argument, result, events on the way. */
export type Calls = {
  read: [{ slot: number; bytes: ArrayBuffer; sample?: SampleFacts }, SourceInfo];
  sample: [{ slot: number; options: SampleOptions; canvas: Size }, SourceInfo];
  prepare: [{ slot: number; spec: Spec; view: View; pixelSpacing?: number }, PreparedInfo];
  segment: [
    { slot: number; spec: Spec; view: View; model: string; apiKey?: string },
    { answer: Segmentation; maps?: LiveMaps | undefined },
    RunEvent,
  ];
  /** Images of one examination, each view once. */
  exam: [{ images: { slot: number; view: View }[]; model: string; apiKey?: string }, undefined, ExamRunEvent];
  /** The last answer as a DICOM Segmentation object; for images that came as DICOM. */
  dicomSegmentation: [{ slot: number; threshold: number }, Uint8Array<ArrayBuffer>];
  cancel: [{ slot: number }, undefined];
  release: [{ slot: number }, undefined];
};

/** What a call tells on the way. */
export type EventOf<K extends keyof Calls> = Calls[K] extends [unknown, unknown, infer Event] ? Event : never;

/** An error as it crosses threads. */
export type Failure = { code: ErrorCode; detail: string; incident?: string };

export type Call = { [K in keyof Calls]: { id: number; kind: K; argument: Calls[K][0] } }[keyof Calls];

export type Reply =
  | { id: number; type: "result"; value: Calls[keyof Calls][1] }
  | { id: number; type: "failure"; failure: Failure }
  | { id: number; type: "event"; event: EventOf<keyof Calls> };
