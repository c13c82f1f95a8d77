/**
 * @module
 * Where model bundles come from.
 */
import type { Manifest, NetworkFile } from "../../contract/manifest.ts";

/** A source of model bundles. Every call does its own I/O in the caller's request. */
export interface ModelStore {
  /** Names of the models here, the default one first. */
  list(): Promise<string[]>;
  /** @throws GlamError `model-not-found` (also for an invalid name), `model-damaged` */
  manifest(name: string): Promise<Manifest>;
  /**
   * Bytes of one network's file, checked against size and SHA-256.
   * @param choice one of the network's files; the preferred one when not given
   * @throws GlamError `model-damaged`
   */
  network(manifest: Manifest, which: "global" | "local", choice?: NetworkFile): Promise<Uint8Array<ArrayBuffer>>;
}
