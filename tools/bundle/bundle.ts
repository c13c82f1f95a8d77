/**
 * @module
 * Model bundles on disk: a folder with `model.json`, one file per network, ONNX or of the SIMD engine, and perhaps `norms.bin`. Equal
 * contents give equal bytes.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Manifest, manifestSchema } from "../../src/contract/manifest.ts";
import { runtimeOf } from "../../src/edge/inference/by-format.ts";
import { filesOf } from "../../src/edge/models/choose-runtime.ts";
import { GlamError } from "../../src/glam/problem.ts";

/** What a bundle holds, in memory. */
export type Bundle = {
  manifest: Manifest;
  /** The files that the manifest prefers. */
  files: { global: Uint8Array; local: Uint8Array };
  /** The same networks for the other runtime. */
  alternatives?: { global?: Uint8Array; local?: Uint8Array };
  /** `norms.bin`; see norms.ts. */
  norms?: Uint8Array;
};

/** The manifest without what follows from the files. */
export type BundleDescription = Pick<
  Manifest,
  "name" | "version" | "spec" | "threshold" | "quantisation" | "provenance"
>;

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const fileEntry = (path: string, bytes: Uint8Array) => ({ path, bytes: bytes.length, sha256: sha256(bytes) });

/** The file's format says which runtime it is for. */
const networkEntry = (network: string, bytes: Uint8Array) => {
  const runtime = runtimeOf(bytes);
  return { runtime, file: fileEntry(`${network}.${runtime === "simd" ? "bin" : "onnx"}`, bytes) };
};

/**
 * @param files both networks, each as ONNX or as a weights file of the SIMD engine
 * @param others the same networks for the other runtime, and what the batch norms were made of
 * @returns the bundle with a checked manifest
 */
export function makeBundle(
  description: BundleDescription,
  files: Bundle["files"],
  { alternatives, norms }: Pick<Bundle, "alternatives" | "norms"> = {},
): Bundle {
  const { name, version, spec, threshold, quantisation, provenance } = description;
  const entry = (which: "global" | "local") => {
    const other = alternatives?.[which];
    const preferred = networkEntry(which, files[which]);
    return other === undefined ? preferred : { ...preferred, alternatives: [networkEntry(which, other)] };
  };
  const networks = { global: entry("global"), local: entry("local") };
  const described = { schema: 1, name, version, spec, threshold, networks, quantisation, provenance };
  return {
    manifest: manifestSchema.parse(norms ? { ...described, norms: fileEntry("norms.bin", norms) } : described),
    files,
    ...(alternatives === undefined ? {} : { alternatives }),
    ...(norms === undefined ? {} : { norms }),
  };
}

/** Writes `model.json` and all files into `folder`, which is made where it is missing. */
export async function writeBundle(folder: string, { manifest, files, alternatives, norms }: Bundle): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const which of ["global", "local"] as const) {
    const [preferred, other] = filesOf(manifest.networks[which]);
    await writeFile(join(folder, preferred.file.path), files[which]);
    const bytes = alternatives?.[which];
    if (other && bytes) await writeFile(join(folder, other.file.path), bytes);
  }
  if (manifest.norms && norms) await writeFile(join(folder, manifest.norms.path), norms);
  await writeFile(join(folder, "model.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function readChecked(folder: string, { path, sha256: expected }: { path: string; sha256: string }) {
  const bytes = await readFile(join(folder, path));
  if (sha256(bytes) !== expected) {
    throw new GlamError(
      "model-damaged",
      `${path} does not have the hash that model.json gives; import the model again.`,
    );
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/**
 * @param folder the one with `model.json`
 * @throws {GlamError} model-not-found, model-damaged
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, "model.json"), "utf8").catch((cause) => {
    throw new GlamError("model-not-found", "The folder of the model has no model.json.", { cause });
  });
  const parsed = manifestSchema.safeParse(parseJson(text));
  if (parsed.success) return parsed.data;
  throw new GlamError("model-damaged", "model.json does not follow the schema of a manifest.", { cause: parsed.error });
}

/** JSON, or `undefined` for what is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Reads a bundle and checks its hashes.
 * @param folder the one with `model.json`
 * @throws {GlamError} model-not-found, model-damaged
 */
export async function readBundle(folder: string): Promise<Bundle> {
  const manifest = await readManifest(folder);
  const { networks } = manifest;
  const [global, otherGlobal] = filesOf(networks.global);
  const [local, otherLocal] = filesOf(networks.local);
  const alternatives = {
    ...(otherGlobal ? { global: await readChecked(folder, otherGlobal.file) } : {}),
    ...(otherLocal ? { local: await readChecked(folder, otherLocal.file) } : {}),
  };
  return {
    manifest,
    files: { global: await readChecked(folder, global.file), local: await readChecked(folder, local.file) },
    ...(Object.keys(alternatives).length > 0 ? { alternatives } : {}),
    ...(manifest.norms ? { norms: await readChecked(folder, manifest.norms) } : {}),
  };
}
