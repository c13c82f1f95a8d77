/**
 * @module
 * How often a model's statistics give the warning `unlike-training`: for valid images, a source left out, and derived images.
 */
import type { Looks } from "../../src/glam/looks/measure.ts";
import type { TrainingLooks } from "../../src/glam/looks/unlike-training.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { fitLooks } from "./fit.ts";
import { judgeDerived, type Outcome } from "./judge.ts";
import { unlikeKinds } from "./kinds.ts";
import { outcomesOf, type Row } from "./report.ts";
import { listPictures, looksOf, readPicture, type SetPicture } from "./set-looks.ts";

/** Images of one source, in the training set and outside it. */
type Source = { name: string; train: SetPicture[]; others: SetPicture[] };

/** Sources of the sets, in the order of their first pictures. */
function sourcesOf(pictures: readonly SetPicture[]): Source[] {
  return [...Map.groupBy(pictures, ({ source }) => source)].map(([name, all]) => ({
    name,
    train: all.filter(({ part }) => part === "train"),
    others: all.filter(({ part }) => part !== "train"),
  }));
}

/** Every row of the table; `progress` is told of each that is done. */
export async function unlikeRows(
  folders: readonly string[],
  count: number,
  { spec, training }: { spec: Spec; training: TrainingLooks },
  progress: (row: Row) => void,
): Promise<Row[]> {
  const pictures = (await Promise.all(folders.map((folder) => listPictures(folder, spec.canvas)))).flat();
  const sources = sourcesOf(pictures);
  const rows: Row[] = [];
  const add = (row: Row) => {
    if (row.outcomes.length === 0) return;
    progress(row);
    rows.push(row);
  };
  const known = new Map<string, { train: Looks[]; others: Looks[] }>();
  for (const { name, train, others } of sources) {
    const looks = { train: await looksOf(train, spec.canvas), others: await looksOf(others, spec.canvas) };
    known.set(name, looks);
    const seen = train.length > 0 || name === "phantoms" ? "" : ", a source that trained nothing";
    add({ images: `${name}, not trained on${seen}`, outcomes: outcomesOf(looks.others, training) });
  }
  const trained = sources.filter(({ train }) => train.length > 0);
  for (const { name } of trained) {
    const fitted = fitLooks(new Map([[name, known.get(name)?.train ?? []]]));
    for (const { name: other } of trained) {
      const { train = [], others = [] } = known.get(other) ?? {};
      if (other === name) continue;
      add({ images: `${other}, statistics of ${name} alone`, outcomes: outcomesOf([...train, ...others], fitted) });
    }
  }
  const views = spread(trained, count);
  for (const kind of unlikeKinds) {
    const outcomes: Outcome[] = [];
    for (const [seed, view] of views.entries()) {
      outcomes.push(judgeDerived(kind, await readPicture(view, spec.canvas), seed, spec, training));
    }
    add({ images: kind.name, outcomes });
  }
  return rows;
}

/** `count` pictures outside the training set, as many of each source as there are, evenly over its sets. */
function spread(sources: readonly Source[], count: number): SetPicture[] {
  const each = Math.ceil(count / Math.max(1, sources.length));
  return sources.flatMap(({ others }) => {
    const taken = Math.min(each, others.length);
    return Array.from({ length: taken }, (_, k) => others[Math.floor((k * others.length) / taken)]);
  });
}
