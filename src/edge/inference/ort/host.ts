/**
 * @module
 * An onnxruntime-web that is set up, however its WebAssembly was loaded.
 */
import type { InferenceSession, Tensor } from "onnxruntime-web/wasm";
import type { Guard } from "./guard.ts";

/** What is used of `onnxruntime-web/wasm`. */
export type Ort = {
  InferenceSession: { create(model: Uint8Array, options: InferenceSession.SessionOptions): Promise<InferenceSession> };
  Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => Tensor;
};

/** An ORT and what is known of its heap. */
export type OrtHost = {
  ort: Ort;
  guard: Guard;
  /** Bytes by which ORT's memory may still grow. */
  headroom: () => number;
};
