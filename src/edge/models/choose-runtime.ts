/**
 * @module
 * Which of a bundle's files of a network this deployment runs.
 */

import type { Manifest, NetworkEntry, NetworkFile, RuntimeName } from "../../contract/manifest.ts";
import { GlamError } from "../../glam/problem.ts";

/** The configured runtime; `auto`: what the bundle prefers among those of this Worker. */
export type RuntimeWish = "auto" | RuntimeName;

export type ChooseFile = (manifest: Manifest, which: "global" | "local") => NetworkFile;

const names: Record<RuntimeName, string> = { ort: "onnxruntime-web", simd: "the SIMD engine" };

/** All files of one network, the preferred one first. */
export const filesOf = ({ alternatives = [], ...preferred }: NetworkEntry): NetworkFile[] => [
  preferred,
  ...alternatives,
];

/** @returns the files that the manifest prefers */
export const preferredFile: ChooseFile = (manifest, which) => filesOf(manifest.networks[which])[0];

/**
 * @param wishes runtime of each network as the configuration has it
 * @param available runtimes that this Worker was built with
 * @returns (the function it makes) @throws GlamError runtime-missing
 */
export function chooseFileBy(
  wishes: { global: RuntimeWish; local: RuntimeWish },
  available: readonly RuntimeName[],
): ChooseFile {
  return (manifest, which) => {
    const files = filesOf(manifest.networks[which]);
    const wish = wishes[which];
    const found = files.find(({ runtime }) => available.includes(runtime) && (wish === "auto" || wish === runtime));
    if (found) return found;
    const has = files.map(({ runtime }) => names[runtime]).join(" and ");
    const runs = available.map((runtime) => names[runtime]).join(" and ");
    const wanted = wish === "auto" ? "" : ` ${which.toUpperCase()}_RUNTIME asks for ${names[wish]}.`;
    const detail =
      `The bundle's ${which} network has a file for ${has}; this Worker runs ${runs}.${wanted} Import the model with ` +
      "--runtime both, or change the deployment.";
    throw new GlamError("runtime-missing", detail);
  };
}
