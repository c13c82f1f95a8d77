import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { Canvas } from "../../src/glam/contracts.ts";
import { unlikeTraining } from "../../src/glam/looks/unlike-training.ts";
import { readManifest } from "../bundle/bundle.ts";
import { drawPhantom } from "../dataset/phantom-sample.ts";
import { loadFilm } from "../films/load-film.ts";
import { readFilms } from "../films/read-films.ts";
import { negativeBreast } from "./negative.ts";
import { imageOf, rasterOf } from "./raster.ts";

const { spec, looks } = await readManifest(fileURLToPath(new URL("../../models/glam-1536x1024", import.meta.url)));
const codes = (canvas: Canvas) => unlikeTraining(canvas, looks).map(({ code }) => code);
const negativeOf = (canvas: Canvas): Canvas => imageOf(negativeBreast(rasterOf(canvas)));

/** Real films may not be copied into the repository; the tests use them where they lie beside it. */
const list = fileURLToPath(new URL("../../../shared/data/cbis-ddsm/films.csv", import.meta.url));
const here = existsSync(list);
if (!here) console.info("Skipped: no CBIS-DDSM films in ../shared/data/cbis-ddsm beside the repository.");

const fitted = looks !== undefined;
if (!fitted) console.info("Skipped: the default model's manifest has no statistics; `glam films looks` writes them.");

test.skipIf(!fitted)("the default model's statistics take a phantom, and warn of its negative", () => {
  const { height, width, pixels } = drawPhantom({ seed: 430_001, ...spec.canvas });
  const phantom = { height, width, pixels };
  expect(codes(phantom)).toEqual([]);
  expect(codes(negativeOf(phantom))).toEqual(["unlike-training"]);
});

describe.skipIf(!here || !fitted)("films", () => {
  test("the default model's statistics take a film, and warn of its negative", async () => {
    const { films } = await readFilms([list]);
    const { canvas } = await loadFilm(films[0], spec);
    expect(codes(canvas)).toEqual([]);
    expect(codes(negativeOf(canvas))).toEqual(["unlike-training"]);
  });
});
