/**
 * @module
 * What the commands that make a bundle share: the options that end up in its manifest, and writing it.
 */
import { basename, join, resolve } from "node:path";
import type { Command } from "commander";
import { manifestSchema } from "../../src/contract/manifest.ts";
import { GlamError } from "../../src/glam/problem.ts";
import type { Spec } from "../../src/glam/spec.ts";
import { type Bundle, makeBundle, writeBundle } from "../bundle/bundle.ts";
import { addToIndex } from "../bundle/model-index.ts";
import { readQuality } from "../import/read-spec.ts";
import { between } from "./number-option.ts";

/** What the command line gives. */
export type ManifestOptions = {
  out?: string;
  name?: string;
  modelVersion: string;
  threshold: number;
  trainedOn: string;
  licence: string;
  intendedUse: string;
  knownFailure?: string[];
  quality?: string;
};

/** Adds the options but for `--out`, which comes first in a command's help. */
export const addManifestOptions = (command: Command): Command =>
  command
    .option("--name <name>", "name of the model (default: that of the --out folder, or the spec's)")
    .option("--model-version <x.y.z>", "version of the model", "0.1.0")
    .option("--threshold <p>", "where contours are drawn by default", between(0, 1, false), 0.5)
    .option("--trained-on <text>", "data of the training, for the manifest", "unknown")
    .option("--licence <text>", "licence of the weights, for the manifest", "unknown")
    .option("--intended-use <text>", "for the manifest", "Research use only; not a medical device.")
    .option("--known-failure <text...>", "where the model fails, one sentence each, for the manifest")
    .option("--quality <file.json>", "measured quality, an object of numbers, for the manifest");

/**
 * `--name`, or the folder's name, or the spec's: a bundle is found by its folder.
 * @throws GlamError `invalid-request` when that is not a valid name
 */
export function bundleName({ name, out }: Pick<ManifestOptions, "name" | "out">, spec: Spec): string {
  const chosen = name ?? (out === undefined ? spec.name : basename(resolve(out)));
  if (manifestSchema.shape.name.safeParse(chosen).success) return chosen;
  const what = name === undefined ? "The folder's name is no name of a model" : "That is no name of a model";
  const detail = `${what}: small letters, digits, dots and dashes, 64 at most. Give another one with --name.`;
  throw new GlamError("invalid-request", detail, { at: "name" });
}

/** The networks of a bundle and their number format. */
export type NamedNetworks = Pick<Bundle, "files" | "alternatives" | "norms"> & {
  spec: Spec;
  quantisation: Bundle["manifest"]["quantisation"];
};

/**
 * Writes the bundle, and adds it to the index beside it if there is one.
 * @param print gets a line for what was done beside writing
 * @returns the bundle's folder
 */
export async function writeNamedBundle(
  { spec, quantisation, files, ...others }: NamedNetworks,
  options: ManifestOptions,
  print: (line: string) => void,
): Promise<string> {
  const { trainedOn, licence, intendedUse, knownFailure: knownFailures, threshold } = options;
  const quality = options.quality ? await readQuality(options.quality) : undefined;
  const name = bundleName(options, spec);
  const provenance = {
    trainedOn,
    licence,
    intendedUse,
    ...(knownFailures ? { knownFailures } : {}),
    ...(quality ? { quality } : {}),
  };
  const manifest = { name, version: options.modelVersion, spec, threshold, quantisation, provenance };
  const folder = options.out ?? join("models", name);
  await writeBundle(folder, makeBundle(manifest, files, others));
  if (await addToIndex(folder)) print("added to index.json beside it, so the Worker here serves it");
  return folder;
}
