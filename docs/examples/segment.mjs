// node docs/examples/segment.mjs film.png L-MLO http://localhost:8787
import { readFile } from "node:fs/promises";
import { ConnectionError, GlamError, ringToSource, segment } from "glam-edge/client";

const [file, view, url] = process.argv.slice(2);
const run = segment(await readFile(file), { url, view, signal: AbortSignal.timeout(300_000) });

try {
  for await (const { event, data } of run) {
    if (event === "uploading") console.log(`${data.done} of ${data.total} bytes sent`);
    if (event === "global") console.log(`${data.regions.length} regions will be looked at`);
    if (event === "region") console.log(`region ${data.region.rank + 1}: ${data.region.status}`);
  }
  const { answer, preprocessed } = await run;
  console.log("scores, uncalibrated:", answer.scores);
  for (const { areaPixels, rings } of answer.contours.malignant) {
    const [x, y] = ringToSource(rings[0], preprocessed)[0];
    console.log(`malignant: ${areaPixels} canvas pixels, at x ${x.toFixed(0)}, y ${y.toFixed(0)} of the file`);
  }
  for (const { code, detail } of [...preprocessed.warnings, ...answer.warnings]) console.log(`${code}: ${detail}`);
} catch (error) {
  if (!(error instanceof GlamError || error instanceof ConnectionError)) throw error;
  console.log(`${error.code}: ${error.message}`); // e.g. "breast-not-found", "busy", "connection-lost"
  process.exitCode = 1;
}
