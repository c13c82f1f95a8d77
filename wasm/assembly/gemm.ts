import { CHUNK_PLANES } from "./scratch";
import { gemm16, gemm32, gemm8 } from "./unrolled";

/**
 * M = A B. A `[chunk of 32 k][panels][k/4][6][4]`, where the last chunk holds what is left of k; B `[chunk of 32 k][block][k][8]`
 * with `bChunk` bytes from one chunk to the next and `bBlock` from block to block; M `[blocks * 2][panels * 6][4]`; k is a
 * multiple of 8. A is read in storage order, so that the processor prefetches it; a chunk of B stays in the L1 cache while all
 * panels pass.
 */
function gemm(a: usize, b: usize, bChunk: usize, bBlock: usize, m: usize, panels: i32, blocks: i32, k: i32): void {
  const mPlane = <usize>panels * 96;
  let done = 0;
  for (; done + 32 <= k; done += 32) {
    gemm32(a, CHUNK_PLANES * 96, b, bBlock, m, mPlane, panels, blocks, done == 0);
    a += <usize>panels * CHUNK_PLANES * 96;
    b += bChunk;
  }
  const aStep = <usize>(k - done) * 24;
  for (; done + 16 <= k; done += 16) {
    gemm16(a, aStep, b, bBlock, m, mPlane, panels, blocks, done == 0);
    a += 384;
    b += 512;
  }
  for (; done < k; done += 8) {
    gemm8(a, aStep, b, bBlock, m, mPlane, panels, blocks, done == 0);
    a += 192;
    b += 256;
  }
}

/** One product for each of `count` positions; steps are bytes between positions. */
export function gemmBatch(
  a: usize, aStep: usize, b: usize, bStep: usize, bChunk: usize, bBlock: usize, m: usize, mStep: usize,
  count: i32, panels: i32, blocks: i32, k: i32,
): void {
  for (let i = 0; i < count; i++) {
    gemm(a, b, bChunk, bBlock, m, panels, blocks, k);
    a += aStep;
    b += bStep;
    m += mStep;
  }
}
