/**
 * @module
 * `glam-edge/client`: mammograms through the service, from browsers, React Native, Node and Workers.
 */
export type {
  ClassMapsAnswer,
  ContourAnswer,
  ModelReference,
  ProbabilityMap,
  RegionAnswer,
  Segmentation,
  Warning,
} from "../../contract/answer.ts";
export type { Problem } from "../../contract/problem.ts";
export type { ModelDetail } from "../../contract/service.ts";
export type { Ring } from "../../glam/contours.ts";
export type { Box, Canvas } from "../../glam/contracts.ts";
export { GlamError, type ProblemCode } from "../../glam/problem.ts";
export type { Size, Spec } from "../../glam/spec.ts";
export { type View, views } from "../../glam/view.ts";
export { decodeGreyImage } from "../images/index.ts";
export { type GreyImage, type Preprocessed, type PreprocessOptions, preprocess } from "../preprocess/index.ts";
export type { TileEncoding } from "./encode.ts";
export {
  AbortError,
  ConnectionError,
  type ConnectionFailure,
  type ErrorCode,
  ProblemError,
  type SegmentationError,
} from "./errors.ts";
export { type ExamOptions, segmentExam } from "./exam.ts";
export { deleteExam, type JobOptions } from "./exam-calls.ts";
export type {
  BreastScores,
  ExamEvent,
  ExamImages,
  ExamResult,
  ExamView,
  ImageStanding,
  JobEvent,
  KeptExam,
  MeanScores,
  ViewEvent,
  ViewResult,
} from "./exam-result.ts";
export type { Connection } from "./http.ts";
export type { KeptUpload } from "./kept-upload.ts";
export { boxToSource, decodeMap, mapToSource, ringToSource } from "./maps.ts";
export { listModels, loadModel } from "./model.ts";
export { type SourceContour, type SourceContours, sourceContours } from "./outputs/source-contours.ts";
export { type OverlayOptions, sourceOverlay } from "./outputs/source-overlay.ts";
export type { ServiceEvent } from "./read-answer.ts";
export type { Run } from "./run.ts";
export { type SegmentEvent, type SegmentOptions, type SegmentResult, type SourceImage, segment } from "./segment.ts";
export { type CanvasRequest, type PreparedCanvas, type SendOptions, segmentCanvas } from "./segment-canvas.ts";
export type { RetryEvent, SendEvent, UploadKeeping, UploadMode } from "./send.ts";
export type { UploadingEvent } from "./send-direct.ts";
export { type PreprocessingWorker, type Preprocessor, preprocessInWorker } from "./worker/preprocess-in-worker.ts";
export { servePreprocessing } from "./worker/serve-preprocessing.ts";
