/**
 * @module
 * A run of the client as lines of progress.
 */
import type { Run, SegmentEvent } from "../../src/device/client/index.ts";

/** Writes a line for each step and waits for the result. @throws what the run throws */
export async function watch<Event extends SegmentEvent, Result>(
  run: Run<Event, Result>,
  progress: (line: string) => void,
): Promise<Result> {
  let done = 0;
  for await (const event of run) {
    if (event.event === "region") done++;
    for (const line of describe(event, done)) progress(line);
  }
  return run;
}

/** @param regions how many are done, this one included */
function describe(event: SegmentEvent, regions: number): string[] {
  switch (event.event) {
    case "preprocessed":
      return event.data.preprocessed.warnings.map(({ code, detail }) => `warning: ${code}: ${detail}`);
    case "uploading": {
      const { done, total } = event.data;
      return [`sending: ${(done / 1024).toFixed(0)} of ${(total / 1024).toFixed(0)} KiB`];
    }
    case "accepted":
      return [`accepted; ${event.data.regions} regions will be looked at`];
    case "global": {
      const { benign, malignant } = event.data.scores;
      return [`global network: benign ${benign.toFixed(3)}, malignant ${malignant.toFixed(3)}`];
    }
    case "region": {
      const { rank, status } = event.data.region;
      return [`region ${rank + 1} ${status} (${regions} done)`];
    }
    case "retry": {
      const { error, delayMs, next } = event.data;
      return [`${error.code}: ${error.message}`, `trying again in ${(delayMs / 1000).toFixed(1)} s (${next})`];
    }
    case "result":
      return [];
  }
}
