/**
 * @module
 * How far a run is, and how long it will take. Says no name of a file.
 */

type Step = { done: number; of: number; fresh: boolean; failed: boolean };

const WIDTH = 24;

/** Takes steps, gives the line to show after each. @param now milliseconds */
export function measureProgress(now: () => number): (step: Step) => string {
  const began = now();
  let fresh = 0;
  let failed = 0;
  return (step) => {
    if (step.fresh) fresh++;
    if (step.failed) failed++;
    const { done, of } = step;
    const full = Math.round((WIDTH * done) / of);
    const rate = fresh / Math.max(1e-3, (now() - began) / 1000);
    const left = fresh === 0 ? "" : `, ${rate.toFixed(1)} a second, ${duration((of - done) / rate)} left`;
    return `[${"#".repeat(full)}${"-".repeat(WIDTH - full)}] ${done} of ${of}, ${failed} failed${left}`;
  };
}

/** @example duration(200) // "3 min 20 s" */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A terminal gets one line that is written over, everything else a line for each twentieth of the way. */
export function showProgress(stream: { isTTY?: boolean; write(text: string): unknown }): (step: Step) => void {
  const line = measureProgress(() => performance.now());
  let shown = -1;
  return (step) => {
    const text = line(step);
    const ended = step.done === step.of;
    if (stream.isTTY) {
      stream.write(`\r${text}\u001b[K${ended ? "\n" : ""}`);
      return;
    }
    const part = Math.floor((20 * step.done) / step.of);
    if (part > shown || ended) stream.write(`${text}\n`);
    shown = part;
  };
}
