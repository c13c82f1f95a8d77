/**
 * @module
 * How each fenced block of the documentation is tested. A block without an entry makes the test fail.
 */

/**
 * `run`: how; `expect`: what it must print. `drop`: commands that are left out, and `because` why. `given`: lines in front of a program.
 * `only`: read as commands or as a program, and not run, for this reason. `elsewhere`: another test runs it.
 */
export type Treatment = { starts: string } & (
  | {
      run: "shell" | "program" | "browser" | "react-native";
      expect: RegExp;
      given?: string;
      drop?: RegExp;
      because?: string;
    }
  | { run: "save"; as: string }
  | { only: string }
  | { elsewhere: string }
);

const torch =
  "needs a checkpoint and minutes of calibration; tools/commands/import.test.ts runs the command on small ones";
const account = "needs a Cloudflare account; a bundle is made in every test that starts the Worker";

const serving = "test/processes/serve.test.ts";

export const plan: Record<string, Treatment[]> = {
  "README.md": [
    {
      starts: "npm ci && npm run demo",
      only: "npm ci is what CI runs; docs/tutorial.md runs the demo",
    },
    {
      starts: "npx glam segment film.png",
      run: "shell",
      expect: /overlay\.png[\s\S]*seg\.dcm/,
    },
    { starts: "npm pack", elsewhere: "test/processes/package.test.ts" },
    {
      starts: "import { ringToSource, segment }",
      run: "program",
      given: "const file = await readFile('phantom.png');",
      expect: /scores, uncalibrated/,
    },
    { starts: "npx wrangler deploy", only: `${account}; the checkpoint ${torch}` },
  ],
  "CONTRIBUTING.md": [
    { starts: "npm run lint", only: "tests are not run by a test" },
    { starts: "npm run docs", elsewhere: "tools/docs/made-pages.test.ts" },
  ],
  "packages/cli/README.md": [{ starts: "npx glam phantom", run: "shell", expect: /overlay\.png[\s\S]*Usage: glam/ }],
  "docs/architecture.md": [
    { starts: "flowchart TD\n  worker -->", elsewhere: "src/rooms.test.ts" },
    { starts: "flowchart TD\n  worker.ts -->", elsewhere: "src/rooms.test.ts" },
  ],
  "docs/client.md": [
    {
      starts: 'import { segment } from "glam-edge/client";',
      run: "program",
      given: "const file = await readFile('phantom.png');",
      expect: /^$/,
    },
    {
      starts: "for await (const { event, data } of run) { ... }",
      only: "a sketch; docs/examples/segment.mjs has the loop",
    },
    { starts: "import { servePreprocessing }", elsewhere: "test/browser/preprocess-in-worker.test.ts" },
    { starts: "import { preprocessInWorker, segment }", elsewhere: "test/browser/preprocess-in-worker.test.ts" },
    {
      starts: 'import { segmentExam } from "glam-edge/client";',
      run: "program",
      given:
        "const [lcc, lmlo, rcc, rmlo] = Array(2).fill(await readFile('phantom.png')); const url = 'http://localhost:8787';",
      expect: /^$/,
    },
  ],
  "docs/dicom.md": [
    {
      starts: 'import { preprocess, segment } from "glam-edge/client";',
      run: "program",
      given: "const bytes = await readFile('study.dcm'); const url = 'http://localhost:8787';",
      expect: /^$/,
    },
    { starts: "npx glam segment study.dcm", run: "shell", expect: /scores/ },
    {
      starts: "apt-get install",
      only: "Debian's packages; src/device/dicom/dcmtk.test.ts runs these programs where they are installed",
    },
  ],
  "docs/engine.md": [{ starts: "npx glam import glam.pt", only: torch }],
  "docs/fidelity.md": [{ starts: "npm run bench -- fidelity", only: "minutes at full size" }],
  "docs/importing.md": [
    {
      starts: "npx glam import test/fixtures",
      only: "writes into test/fixtures; bring-your-checkpoint.md runs it small",
    },
  ],
  "docs/reference/labels-csv.md": [
    { starts: "file,label,view", only: "a list; tools/commands/films.test.ts reads every kind of place" },
  ],
  "docs/how-to/segment-an-archive.md": [
    {
      starts: "npx glam batch archive/ --out results",
      run: "shell",
      expect: /1 views of 1 exams judged/,
    },
    { starts: "npx glam batch archive/ --out pictures", run: "shell", expect: /1 views of 1 exams judged/ },
    { starts: "file,view,patient", only: "a list; tools/commands/batch.test.ts reads one like it" },
    { starts: "npx glam batch archive/ --out elsewhere", run: "shell", expect: /1 views of 1 exams judged/ },
  ],
  "docs/how-to/measure-on-your-mammograms.md": [
    { starts: "npx glam films", only: "needs films; tools/commands/evaluate.test.ts runs these commands" },
  ],
  "docs/training.md": [
    { starts: "npx glam phantom dataset", only: "hours of training; training/train.test.ts runs every kind of stage" },
    {
      starts: "python3 training/train.py",
      only: "needs mammograms; training/train.test.ts trains, adapts and measures",
    },
  ],
  "docs/tutorial.md": [
    {
      starts: "npm ci",
      run: "shell",
      expect: /malignant[\s\S]*out\/demo-overlay\.png/,
      drop: /^npm ci/,
      because: "the test runs in an installed checkout",
    },
    { starts: "npx glam phantom", run: "shell", expect: /film-background-removed[\s\S]*contours\.json[\s\S]*scores/ },
    { starts: "npx glam segment study.dcm", run: "shell", expect: /overlay\.png[\s\S]*seg\.dcm/ },
    { starts: "npx glam import", run: "shell", expect: /own\.png[\s\S]*wrote models\/mine[\s\S]*model +mine/ },
    { starts: "npx glam evaluate", run: "shell", expect: /malignant/ },
    { starts: "npx wrangler deploy", run: "shell", expect: /Total Upload[\s\S]*gzip/ },
  ],
  "docs/uploads.md": [
    { starts: "API=http://localhost:8787", elsewhere: "test/processes/uploads-how-to.test.ts" },
    {
      starts: "const run = segment(file, { url, view",
      run: "program",
      given:
        "import { segment } from 'glam-edge/client'; const file = await readFile('phantom.png'); const url = 'http://localhost:8787'; const items = new Map(); const localStorage = { getItem: (key) => items.get(key) ?? null, setItem: (key, text) => items.set(key, text) };",
      expect: /^$/,
    },
  ],
  "docs/exams.md": [
    { starts: "API=http://localhost:8787", elsewhere: "test/processes/uploads-how-to.test.ts" },
    {
      starts: 'const kept = JSON.parse(localStorage.getItem("exam"))',
      run: "program",
      given:
        "import { segmentExam } from 'glam-edge/client'; const [lcc, lmlo] = Array(2).fill(await readFile('phantom.png')); const url = 'http://localhost:8787'; const items = new Map(); const localStorage = { getItem: (key) => items.get(key) ?? null, setItem: (key, text) => items.set(key, text), removeItem: (key) => items.delete(key) };",
      expect: /^$/,
    },
    { starts: '{ "type": "exam.complete"', only: "a message; test/workers/exams.test.ts parses real ones" },
  ],
  "docs/how-to/call-from-curl.md": [
    { starts: "API=http://localhost:8787\nnpx glam phantom", run: "shell", expect: /phantom\.png/ },
    { starts: "API=http://localhost:8787\ncurl -sS --fail-with-body", run: "shell", expect: /^$/ },
    {
      starts: "API=http://localhost:8787\ncurl -sSN",
      run: "shell",
      expect: /event: accepted[\s\S]*event: global[\s\S]*event: region[\s\S]*event: result/,
    },
    {
      starts: "API=http://localhost:8787\ncurl -sS $API/v1/models",
      run: "shell",
      expect: /"models":[\s\S]*"manifest":[\s\S]*"status":"ready"/,
    },
  ],
  "docs/how-to/call-from-browser.md": [
    { starts: "<!doctype html>", run: "browser", expect: /"scores"[\s\S]*"Research use only/ },
  ],
  "docs/how-to/call-from-react-native.md": [
    { starts: "import { segment, type Segmentation }", run: "react-native", expect: /bytes\n[\s\S]*complete/ },
  ],
  "docs/how-to/call-from-python.md": [
    { starts: "npx glam serve", elsewhere: serving },
    { starts: "import sys, time, requests", elsewhere: serving },
    { starts: "python3 judge.py", elsewhere: serving },
    { starts: "from judge import judge", elsewhere: serving },
    { starts: "import csv, pathlib, sys", elsewhere: serving },
    { starts: "python3 folder.py", elsewhere: serving },
    { starts: "import requests\n\nfiles =", elsewhere: serving },
    { starts: "import base64", run: "save", as: "segment.py" },
    { starts: "npx glam phantom", run: "shell", expect: /complete scores \(uncalibrated\): \{'benign'/ },
  ],
  "docs/how-to/deploy-your-own.md": [
    { starts: "npx wrangler login", only: account },
    { starts: "npx wrangler r2", only: account },
    {
      starts: "npx wrangler deploy --dry-run",
      run: "shell",
      expect: /Total Upload[\s\S]*gzip/,
      drop: /--dry-run$/,
      because: "the larger script takes long to bundle, and every test that starts the Worker does that",
    },
    { starts: "curl -sS --fail-with-body https://glam-edge.", only: "the address of a deployment" },
  ],
  "docs/how-to/bring-your-checkpoint.md": [
    { starts: "npx glam import checkpoint.pt", only: torch },
    { starts: "npx glam import test/fixtures", run: "shell", expect: /Error against float32[\s\S]*wrote out\/tiny/ },
  ],
  "docs/how-to/adapt-to-your-site.md": [
    { starts: "npx glam adapt", only: "needs images of a site; tools/commands/adapt.test.ts adapts to phantoms" },
    { starts: "python3 training/train.py", only: "needs mammograms and hours of training" },
    {
      starts: "python3 training/figures.py",
      only: "needs mammograms and trained models; training/train.test.ts measures",
    },
  ],
  "docs/model-card.md": [
    { starts: "npx glam evaluate films", only: "needs films; tools/commands/evaluate.test.ts runs these commands" },
  ],
  "docs/how-to/bring-your-onnx.md": [
    {
      starts: "npx glam bundle",
      run: "shell",
      expect: /both networks fit glam-tiny and run[\s\S]*wrote mine[\s\S]*scores/,
    },
    { starts: "import sys\nimport torch", run: "save", as: "export.py" },
    { starts: "PYTHONPATH=training", run: "shell", expect: /^/ },
  ],
};
