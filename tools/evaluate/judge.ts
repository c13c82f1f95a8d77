/**
 * @module
 * Runs every method on every image, one image at a time, and keeps only measurements.
 */
import type { Judged } from "./figures.ts";
import { measure } from "./measure.ts";
import type { Method } from "./methods.ts";
import type { Cut } from "./outlines.ts";
import type { TestCase } from "./test-case.ts";

/**
 * @param cut how maps become outlines
 * @param outlined whether to measure single outlines too
 * @param progress gets the number of images that are done */
export async function judge(
  cases: Iterable<TestCase> | AsyncIterable<TestCase>,
  methods: readonly Method[],
  progress: (done: number) => void,
  cut: Cut,
  outlined: boolean,
): Promise<Judged[]> {
  const judged: Judged[] = [];
  for await (const test of cases) {
    const measured = new Map<string, ReturnType<typeof measure>>();
    for (const method of methods) {
      for (const [name, output] of await method.run(test)) measured.set(name, measure(test, output, cut, outlined));
    }
    judged.push({ patient: test.patient, labels: test.labels, groups: test.groups, methods: measured });
    progress(judged.length);
  }
  return judged;
}
