/**
 * @module
 * Huffman codes of limited length (RFC 1951, section 3.2.2).
 */

/**
 * Lengths of a Huffman code's words. Where one would be too long, the counts are halved until none is: a little longer on the
 * whole, and exact for every count that occurs in a map.
 * @param counts how often each symbol occurs; at least one does
 * @param most bits of a word; 2 ** most is at least the number of symbols
 * @returns bits of each symbol's word, 0 for one that does not occur; a lone symbol has 1
 */
export function huffmanLengths(counts: ArrayLike<number>, most: number): Uint8Array {
  const lengths = new Uint8Array(counts.length);
  let weights = Array.from({ length: counts.length }, (_, symbol) => ({ symbol, weight: counts[symbol] }));
  weights = weights.filter(({ weight }) => weight > 0).sort((a, b) => a.weight - b.weight || a.symbol - b.symbol);
  if (weights.length === 1) lengths[weights[0].symbol] = 1;
  if (weights.length < 2) return lengths;
  for (;;) {
    const depths = leafDepths(weights.map(({ weight }) => weight));
    if (depths[0] <= most) {
      for (const [i, { symbol }] of weights.entries()) lengths[symbol] = depths[i];
      return lengths;
    }
    weights = weights.map(({ symbol, weight }) => ({ symbol, weight: Math.ceil(weight / 2) }));
  }
}

/**
 * Depths of the leaves of a Huffman tree, by two queues: of leaves, and of joined trees, which come in order of their weight.
 * @param weights two or more, ascending
 * @returns depths, descending
 */
function leafDepths(weights: readonly number[]): number[] {
  const leaves = weights.length;
  const all = [...weights];
  const parents: number[] = [];
  let [leaf, tree] = [0, leaves];
  const lightest = () => (leaf < leaves && (tree >= all.length || all[leaf] <= all[tree]) ? leaf++ : tree++);
  while (all.length < 2 * leaves - 1) {
    const [a, b] = [lightest(), lightest()];
    parents[a] = all.length;
    parents[b] = all.length;
    all.push(all[a] + all[b]);
  }
  const depths = new Array<number>(all.length).fill(0);
  for (let node = all.length - 2; node >= 0; node--) depths[node] = depths[parents[node]] + 1;
  return depths.slice(0, leaves);
}

/** @returns each symbol's word, its first bit the lowest, as a stream of deflate has it */
export function huffmanWords(lengths: Uint8Array): Uint16Array {
  const words = new Uint16Array(lengths.length);
  let word = 0;
  for (let length = 1; length <= 15; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      let reversed = 0;
      for (let bit = 0; bit < length; bit++) reversed |= ((word >> bit) & 1) << (length - 1 - bit);
      words[symbol] = reversed;
      word++;
    }
    word <<= 1;
  }
  return words;
}
