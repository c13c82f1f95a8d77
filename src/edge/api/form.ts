/**
 * @module
 * The multipart form of a segmentation: one part `request`, and tiles `tile-{row}-{col}` or one `image`. Everything
 * else about a part, such as file names, is dropped here.
 */

import * as multipart from "@remix-run/multipart-parser";
import {
  getMultipartBoundary,
  MultipartParseError,
  MultipartParser,
  type MultipartPart,
} from "@remix-run/multipart-parser";
import { GlamError } from "../../glam/problem.ts";
import { fromFirstBoundary } from "./form-start.ts";

/** One compressed tile as it came. */
export type FormTile = { name: string; row: number; col: number; mediaType: string; bytes: Uint8Array };

/** The whole form; `single` when the only tile was called `image`. */
export type SegmentationForm = { request: string; tiles: FormTile[]; single: boolean };

/** Most tiles that a grid may have, `request`, and some slack so that duplicates are told by name. */
const MAX_PARTS = 1100;
/** Text of the part `request`. */
export const MAX_REQUEST_BYTES = 64 * 1024;

/**
 * The boundary of a form.
 * @throws GlamError `unsupported-media-type`, `malformed-form` without a usable boundary
 */
export function formBoundary(contentType: string | null): string {
  if (!/^multipart\/form-data(?:;|\s|$)/i.test(contentType?.trim() ?? "")) {
    throw new GlamError("unsupported-media-type", "Send `multipart/form-data`.", { at: "content-type" });
  }
  const boundary = getMultipartBoundary(contentType ?? "")?.trim();
  // RFC 2046: 1 to 70 characters.
  if (boundary === undefined || !/^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/.test(boundary)) {
    throw new GlamError("malformed-form", "The content type names no valid boundary.", { at: "content-type" });
  }
  return boundary;
}

/**
 * Reads a whole form.
 * @param blocks the body; see `receiveBlocks`
 * @throws GlamError `malformed-form`, `malformed-json`, `tile-duplicate`, `no-tiles`, and whatever `blocks` throws
 */
export async function readForm(blocks: AsyncIterable<Uint8Array>, boundary: string): Promise<SegmentationForm> {
  // `receiveBlocks` limits the size of the body, so the parser's own limits are off.
  const limits = { maxParts: MAX_PARTS, maxHeaderSize: 8 * 1024, maxFileSize: Infinity, maxTotalSize: Infinity };
  const parser = new MultipartParser(boundary, limits);
  const collected = new Collector();
  try {
    for await (const block of fromFirstBoundary(blocks, boundary)) {
      // What follows the last boundary is an epilogue and to be ignored (RFC 2046); the parser would refuse it.
      if (isComplete(parser)) continue;
      for (const part of parser.write(block)) collected.add(part);
    }
    parser.finish();
  } catch (error) {
    if (error instanceof MultipartParseError) throw malformed(error);
    throw error;
  }
  return collected.finish();
}

/** Whether the parser has seen the last boundary; it tells in no other way. */
function isComplete(parser: MultipartParser): boolean {
  try {
    parser.finish();
    return true;
  } catch {
    return false;
  }
}

/** The parser's errors as problems. */
function malformed(error: MultipartParseError): GlamError {
  if (error instanceof multipart.MaxHeaderSizeExceededError) {
    return new GlamError("malformed-form", "A part's headers are larger than 8 KiB.");
  }
  if (error instanceof multipart.MaxPartsExceededError) {
    return new GlamError("malformed-form", `The form has more than ${MAX_PARTS} parts.`);
  }
  return new GlamError("malformed-form", "The body is no complete multipart form with the boundary it names.");
}

/** Sorts parts as they come. */
class Collector {
  #request: string | undefined;
  #tiles = new Map<string, FormTile>();
  #single = false;

  add(part: MultipartPart): void {
    const { name, mediaType } = describe(part);
    if (name === "request") {
      if (this.#request !== undefined) throw new GlamError("malformed-form", "The part is there twice.", { at: name });
      this.#request = requestText(part);
      return;
    }
    const place = name === "image" ? ["0", "0"] : /^tile-(0|[1-9]\d{0,4})-(0|[1-9]\d{0,4})$/.exec(name)?.slice(1);
    if (place === undefined) {
      const detail = `A part has ${name === "" ? "no" : "an unknown"} name; known are \`request\`, \`image\` and \`tile-{row}-{col}\`.`;
      throw new GlamError("malformed-form", detail);
    }
    if (this.#tiles.has(name)) throw new GlamError("tile-duplicate", "The tile is there twice.", { at: name });
    if (this.#tiles.size > 0 && (name === "image" || this.#single)) {
      throw new GlamError("malformed-form", "Send either one part `image` or tiles, not both.", { at: "image" });
    }
    this.#single = name === "image";
    this.#tiles.set(name, { name, row: Number(place[0]), col: Number(place[1]), mediaType, bytes: part.bytes });
  }

  finish(): SegmentationForm {
    if (this.#request === undefined) {
      throw new GlamError("malformed-form", "The form has no part `request`.", { at: "request" });
    }
    if (this.#tiles.size === 0) {
      throw new GlamError("no-tiles", "Send a part `image`, or parts `tile-{row}-{col}`.");
    }
    return { request: this.#request, tiles: [...this.#tiles.values()], single: this.#single };
  }
}

/** Name and media type of a part. */
function describe(part: MultipartPart): { name: string; mediaType: string } {
  try {
    return { name: part.name ?? nameInAnyCase(part) ?? "", mediaType: part.mediaType ?? "" };
  } catch {
    throw new GlamError("malformed-form", "A part's headers are not UTF-8.");
  }
}

/** The parameter `name` of Content-Disposition, in whatever case it is written (RFC 2183); the parser knows the usual one. */
function nameInAnyCase({ headers }: MultipartPart): string | undefined {
  const parameters = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"]*))/g;
  for (const [, key, quoted, plain] of (headers["content-disposition"] ?? "").matchAll(parameters)) {
    if (key.toLowerCase() === "name") return quoted ?? plain.trim();
  }
  return undefined;
}

function requestText(part: MultipartPart): string {
  if (part.size > MAX_REQUEST_BYTES) {
    throw new GlamError("malformed-form", `The part is larger than ${MAX_REQUEST_BYTES} bytes.`, { at: "request" });
  }
  try {
    return part.text;
  } catch {
    throw new GlamError("malformed-json", "The text is not UTF-8.", { at: "request" });
  }
}
