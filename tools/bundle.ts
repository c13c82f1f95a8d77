/**
 * @module
 * Model bundles on disk: a folder with `model.json` and one file per network, ONNX or of the SIMD engine. Equal contents give equal bytes.
 */
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GlamError } from "../src/glam/problem.ts";
import { runtimeOf } from "../src/inference/by-format.ts";
import { type Manifest, manifestSchema } from "../src/models/manifest.ts";

/** What a bundle holds, in memory. */
export type Bundle = { manifest: Manifest; files: { global: Uint8Array; local: Uint8Array } };

/** The manifest without what follows from the files. */
export type BundleDescription = Pick<
  Manifest,
  "name" | "version" | "spec" | "threshold" | "quantisation" | "provenance"
>;

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The file's format says which runtime it is for. */
const fileEntry = (network: string, bytes: Uint8Array) => {
  const runtime = runtimeOf(bytes);
  const path = `${network}.${runtime === "simd" ? "bin" : "onnx"}`;
  return { runtime, file: { path, bytes: bytes.length, sha256: sha256(bytes) } };
};

/**
 * @param files both networks, each as ONNX or as a weights file of the SIMD engine
 * @returns the bundle with a checked manifest
 */
export function makeBundle(description: BundleDescription, files: Bundle["files"]): Bundle {
  const { name, version, spec, threshold, quantisation, provenance } = description;
  const networks = { global: fileEntry("global", files.global), local: fileEntry("local", files.local) };
  return {
    manifest: manifestSchema.parse({ schema: 1, name, version, spec, threshold, networks, quantisation, provenance }),
    files,
  };
}

/** Writes `model.json` and both networks into `folder`, which is made where it is missing. */
export async function writeBundle(folder: string, { manifest, files }: Bundle): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, manifest.networks.global.file.path), files.global);
  await writeFile(join(folder, manifest.networks.local.file.path), files.local);
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
 * Reads a bundle and checks its hashes.
 * @param folder the one with `model.json`
 * @throws {GlamError} model-damaged
 */
export async function readBundle(folder: string): Promise<Bundle> {
  const parsed = manifestSchema.safeParse(JSON.parse(await readFile(join(folder, "model.json"), "utf8")));
  if (!parsed.success) {
    throw new GlamError("model-damaged", "model.json does not follow the schema of a manifest.", {
      cause: parsed.error,
    });
  }
  const { networks } = parsed.data;
  return {
    manifest: parsed.data,
    files: {
      global: await readChecked(folder, networks.global.file),
      local: await readChecked(folder, networks.local.file),
    },
  };
}
