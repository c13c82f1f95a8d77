/**
 * @module
 * Results of quantisation: the range of every tensor that becomes uint8, and the int8 weights of every convolution that
 * runs on them.
 */

/** value = (byte - zeroPoint) * scale */
export type QuantisedTensor = { scale: number; zeroPoint: number };

/** value = weight * scales[outChannel] */
export type QuantisedConvolution = {
  /** `[out, in, kernel, kernel]`, -127 to 127 */
  weight: Int8Array;
  /** `[out]` */
  scales: Float32Array;
  /** `[out]`, in the output's own units */
  bias: Float32Array;
};

/** Both by tensor name; a convolution's name is its output's. */
export type Quantisation = {
  /** The inputs of all quantised convolutions. */
  tensors: Map<string, QuantisedTensor>;
  convolutions: Map<string, QuantisedConvolution>;
};
