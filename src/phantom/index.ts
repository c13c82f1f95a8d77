/**
 * @module
 * Mammogram phantoms with exact lesion masks.
 */
export { generateExamView } from "./exam-view.ts";
export { classMask, generatePhantom, viewOfSeed } from "./generate.ts";
export {
  GENERATOR_VERSION,
  type Lesion,
  type LesionKind,
  type LesionShape,
  type Phantom,
  type PhantomOptions,
  type View,
  views,
} from "./types.ts";
