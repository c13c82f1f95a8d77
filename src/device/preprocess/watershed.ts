/**
 * @module
 * Marker-based watershed on a picture of 256 levels.
 */

/**
 * Floods from the markers, brightest pixels first, so that regions meet where it is darkest between them.
 * @param levels `[height, width]`, 0 to 255
 * @param labels `[height, width]`; above 0 the markers, 0 unlabelled; changed in place
 * @param isInside which pixels may be labelled
 */
export function watershed(
  size: { height: number; width: number },
  levels: Uint8Array,
  labels: Int32Array,
  isInside: (index: number) => boolean,
): void {
  const { height, width } = size;
  // One first-in first-out queue a level; `current` never rises, brighter neighbours join the current level.
  const queues: number[][] = Array.from({ length: 256 }, () => []);
  for (let i = 0; i < labels.length; i++) if (labels[i] > 0) queues[255].push(i);
  for (let current = 255; current >= 0; current--) {
    const queue = queues[current];
    for (let head = 0; head < queue.length; head++) {
      const i = queue[head];
      const y = Math.floor(i / width);
      const x = i - y * width;
      if (x > 0) visit(i - 1, labels[i], current);
      if (x + 1 < width) visit(i + 1, labels[i], current);
      if (y > 0) visit(i - width, labels[i], current);
      if (y + 1 < height) visit(i + width, labels[i], current);
    }
  }

  function visit(index: number, label: number, current: number): void {
    if (labels[index] !== 0 || !isInside(index)) return;
    labels[index] = label;
    queues[Math.min(levels[index], current)].push(index);
  }
}
