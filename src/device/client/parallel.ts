/**
 * @module
 * A few pieces of work at once, results as they come.
 */

/**
 * Yields results in the order in which they come. The first failure is thrown and nothing more is begun; what is under way then
 * goes on unheard, so give it a signal.
 * @param most how many at once
 */
export async function* parallel<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result, void, void> {
  const running = new Map<number, Promise<[number, Result]>>();
  let next = 0;
  const fill = () => {
    for (; running.size < most && next < items.length; next++) {
      const key = next;
      const promise = work(items[key]).then((result): [number, Result] => [key, result]);
      promise.catch(() => {});
      running.set(key, promise);
    }
  };
  for (fill(); running.size > 0; fill()) {
    const [key, result] = await Promise.race(running.values());
    running.delete(key);
    yield result;
  }
}

/** The events of several sources as they come, a few sources at once. Leaving it early ends them. */
export async function* interleave<Event>(
  sources: readonly AsyncGenerator<Event, void, void>[],
  most: number,
): AsyncGenerator<Event, void, void> {
  type Source = (typeof sources)[number];
  const waiting = [...sources];
  const running = new Map<Source, Promise<[Source, IteratorResult<Event, void>]>>();
  const advance = (source: Source | undefined) => {
    if (source === undefined) return;
    const promise = source.next().then((step): [Source, IteratorResult<Event, void>] => [source, step]);
    promise.catch(() => {});
    running.set(source, promise);
  };
  try {
    while (running.size < most && waiting.length > 0) advance(waiting.shift());
    while (running.size > 0) {
      const [source, step] = await Promise.race(running.values());
      running.delete(source);
      advance(step.done ? waiting.shift() : source);
      if (!step.done) yield step.value;
    }
  } finally {
    for (const source of running.keys()) source.return().catch(() => {});
  }
}
