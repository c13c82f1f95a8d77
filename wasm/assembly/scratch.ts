/*
 * Scratch of the kernels at constant addresses, below the arena and inside the declared initial memory: hosts that check
 * every access in code need no check there. Written as numbers, since `memory.data` would ship the zeros in the module.
 */

/** Planes of four channels of one panel that lie together in A and V: what one pass of the matrix kernel multiplies. */
export const CHUNK_PLANES: usize = 8;

/** A slice of six rows of A: 32 x 6 f32. */
export const PANEL: usize = 1024;
/** Six pixels of two blocks of four channels. */
export const PIXELS: usize = 2048;
/** Addresses of the seven input rows of a convolution. */
export const CONV_ROWS: usize = 2304;
/** One tile between the two passes of a Winograd transform: at most 8 x 8 vectors. */
export const TILE: usize = 4096;
/** Rows of the six tiles of a panel: address in the current plane and step to the next one, at most 6 x 13 pairs. */
export const TILE_ROWS: usize = 5120;
/** Scales of a tile: up to 172 that make integers, as many that undo it. */
export const SCALES: usize = 6144;
/** Planes of one panel before they are copied to V: at most 64 positions x CHUNK_PLANES x 6 vectors, to 57344. */
export const TILES: usize = 8192;
/** A tile of a stride-2 convolution between the two passes of its transform: 13 x 13 vectors, to 57296. */
export const PHASES: usize = 54592;
