/**
 * @module
 * index.html of a run with overlays: every picture with its scores, sortable. It opens from the disk and asks nobody for anything.
 */
import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import type { ClassScores } from "../../src/glam/mean-scores.ts";
import { outputFile } from "./output-file.ts";

/** A row; without scores the file failed. */
export type Picture = {
  file: string;
  exam: number | undefined;
  view: string;
  status: string;
  scores?: ClassScores | undefined;
  hasOverlay: boolean;
};

const STYLE = `
body { background: #16181c; color: #e6e8eb; font: 15px/1.4 system-ui, sans-serif; margin: 2rem; }
table { border-collapse: collapse; }
th, td { padding: .4rem .8rem; text-align: left; vertical-align: top; }
tbody tr { border-top: 1px solid #3a3f47; }
img { display: block; max-width: 220px; max-height: 300px; }
button { background: none; border: 0; color: inherit; cursor: pointer; font: inherit; font-weight: bold; padding: 0; }
a { color: #8cc8ff; }
[aria-sort=ascending] button::after { content: " \\2191"; }
[aria-sort=descending] button::after { content: " \\2193"; }
`;

const SCRIPT = `
const body = document.querySelector("tbody");
const heads = [...document.querySelectorAll("th")];
for (const head of heads) head.querySelector("button")?.addEventListener("click", () => {
  const down = head.getAttribute("aria-sort") !== "descending";
  for (const other of heads) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const column = heads.indexOf(head);
  const text = (row) => row.cells[column].textContent.trim();
  const compare = (a, b) => text(a).localeCompare(text(b), "en", { numeric: !head.dataset.score });
  const scored = [...body.rows].filter((row) => text(row) !== "").sort(compare);
  const rest = [...body.rows].filter((row) => text(row) === "");
  body.append(...(down ? scored.reverse() : scored), ...rest);
});
`;

const source = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Pictures come from this folder alone, and only this page's own style and script count, whatever a file is called. */
const POLICY = `default-src 'none'; img-src 'self' file:; style-src ${source(STYLE)}; script-src ${source(SCRIPT)}`;

/** The page in pieces, those of the highest malignant score first. */
export function* picturePage(pictures: readonly Picture[]): Generator<string> {
  const score = ({ scores }: Picture) => scores?.malignant ?? -1;
  const sorted = [...pictures].sort((a, b) => score(b) - score(a));
  yield `${html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width">
<title>Overlays</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<h1>Overlays</h1>
<p><strong>Research use only. Not a medical device.</strong> Scores are uncalibrated: they order images. Blue: benign, orange: malignant.</p>
<table>
<thead><tr>
<th scope="col">Picture</th>
<th scope="col" aria-sort="descending" data-score="1"><button type="button">Malignant</button></th>
<th scope="col" data-score="1"><button type="button">Benign</button></th>
<th scope="col"><button type="button">View</button></th>
<th scope="col"><button type="button">Exam</button></th>
<th scope="col"><button type="button">Status</button></th>
<th scope="col"><button type="button">File</button></th>
</tr></thead>
<tbody>
`}`;
  for (const picture of sorted) yield `${row(picture)}\n`;
  yield `${html`</tbody>
</table>
<script>${raw(SCRIPT)}</script>
</body>
</html>
`}`;
}

function row({ file, exam, view, status, scores, hasOverlay }: Picture) {
  const address = outputFile(file, "overlay").split("/").map(encodeURIComponent).join("/");
  const picture = hasOverlay ? html`<a href="${address}"><img src="${address}" alt="" loading="lazy"></a>` : "";
  const [malignant, benign] = [scores?.malignant, scores?.benign].map((value) => value?.toFixed(3) ?? "");
  return html`<tr><td>${picture}</td><td>${malignant}</td><td>${benign}</td><td>${view}</td><td>${exam ?? ""}</td><td>${status}</td><td>${file}</td></tr>`;
}
