/**
 * @module
 * Films on their canvases, one after the other; a film that fails is reported and does not stop the others.
 */
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { inOrder } from "../dataset/ordered-threads.ts";
import type { Film } from "./film.ts";
import { type LoadedFilm, loadFilm } from "./load-film.ts";

export type LoadRequest = { film: Film; spec: Spec };

/** Why a film failed. */
export type Failure = { code: string; detail: string };

/** Loads one film. A damaged file must not end a run over thousands, whatever a decoder throws. */
export async function tryToLoad({ film, spec }: LoadRequest): Promise<LoadedFilm | Failure> {
  try {
    return await loadFilm(film, spec);
  } catch (error) {
    if (error instanceof GlamError) return { code: error.code, detail: error.message };
    return { code: "internal-error", detail: error instanceof Error ? error.name : "unknown" };
  }
}

/**
 * Every film, in the order given, with its canvas or what kept it from one.
 * @param workers threads that load ahead; 1 loads in this thread
 */
export async function* loadedFilms(
  films: Iterable<Film>,
  spec: Spec,
  workers: number,
): AsyncGenerator<{ film: Film; loaded: LoadedFilm } | { film: Film; failure: Failure }> {
  const asked: Film[] = [];
  const requests = (function* () {
    for (const film of films) {
      asked.push(film);
      yield { film, spec };
    }
  })();
  const url = new URL("./load-worker.ts", import.meta.url);
  for await (const answer of inOrder(tryToLoad, url, workers, requests)) {
    const film = asked.shift();
    if (film === undefined) throw new TypeError("There are more answers than films.");
    yield "canvas" in answer ? { film, loaded: answer } : { film, failure: answer };
  }
}
