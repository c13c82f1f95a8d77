/**
 * @module
 * Preprocessing of one view: from a file's pixels to the canvas that the networks see.
 */
export { preprocess } from "./preprocess.ts";
export type {
  Background,
  ChestWall,
  GreyImage,
  Point,
  Preprocessed,
  PreprocessOptions,
  PreprocessSteps,
  PreprocessWarning,
} from "./types.ts";
