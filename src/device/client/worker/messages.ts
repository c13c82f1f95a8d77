/**
 * @module
 * What a page and its worker tell each other. Everything can be cloned.
 */
import type { ProblemCode } from "../../../glam/problem.ts";
import type { Spec } from "../../../glam/spec.ts";
import type { GreyImage, Preprocessed, PreprocessOptions } from "../../preprocess/index.ts";

/** A file's bytes or pixels, to become a canvas. */
export type Task = { glamTask: number; image: GreyImage | Uint8Array; spec: Spec; options: PreprocessOptions };

/** What a worker answers: all but the functions, and the source's width, from which they follow; or what went wrong. */
export type Reply = { glamTask: number } & (
  | { done: Omit<Preprocessed, "toSource" | "toCanvas">; width: number }
  | { failed: { code: ProblemCode | undefined; message: string; at: string | undefined } }
);

/** What is used of a `Worker`, of a worker's `self`, and of a `MessagePort`. */
export type Port = {
  postMessage(message: unknown, options: { transfer: Transferable[] }): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
};
