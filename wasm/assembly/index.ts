/** First address behind the static data of these modules. */
export const heapBase: usize = __heap_base;
export { resizeNearest, topKMean } from "./class-maps";
export { conv7x7 } from "./conv-7x7";
export { gemmBatch } from "./gemm";
export { countLevels8, countLevels16, standardise, u16ToFloat, u8ToFloat } from "./grey-levels";
export { gemmOutput, im2col } from "./im2col";
export { classLogits, clearMargins, clearTail, int16ToFloat, int8ToFloat, maxPool, repeatColumns, scaleBiasRelu } from "./pointwise";
export { pointwiseInputInt16, pointwiseWeightsInt16 } from "./pointwise-int16";
export { winograd4Input, winograd4Output, winograd4WeightRow, winograd4Weights } from "./winograd-4";
export { winograd6Input, winograd6Output, winograd6WeightRow, winograd6Weights } from "./winograd-6";
export { gemmBatchInt16, winograd6InputInt16, winograd6WeightRowFloat, winograd6WeightRowInt16 } from "./winograd-6-int16";
export { winograd6Stride2Input, winograd6Stride2Output, winograd6Stride2WeightRow } from "./winograd-6-stride-2";
export { winograd6Stride2InputInt16, winograd6Stride2WeightRowInt16 } from "./winograd-6-stride-2-int16";
