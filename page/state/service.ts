/**
 * @module
 * What the service says of its model.
 */

import type { Manifest } from "../../src/contract/manifest.ts";
import { loadModel } from "../../src/device/client/model.ts";
import { CallFailed } from "../worker/connection.ts";
import { failureOf } from "../worker/failure.ts";

/** The manifest of the model that requests without a name get. @throws CallFailed */
export async function defaultManifest(apiKey: string): Promise<Manifest> {
  try {
    return (await loadModel({ url: "", ...(apiKey === "" ? {} : { apiKey }) })).manifest;
  } catch (error) {
    throw new CallFailed(failureOf(error));
  }
}
