/**
 * @module
 * What the service says of an upload.
 */
import type { Upload } from "../../contract/upload.ts";
import { notTheService } from "./answer-check.ts";
import { isUploadId } from "./kept-upload.ts";

/** Only what the client needs of it. */
export type UploadState = Pick<Upload, "id" | "received">;

/** @throws ConnectionError `unexpected-answer` */
export function asUploadState(value: unknown): UploadState {
  const { id, received } = Object(value) as Record<string, unknown>;
  if (!isUploadId(id) || !Array.isArray(received)) throw notTheService();
  return { id, received };
}
