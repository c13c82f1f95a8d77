/**
 * @module
 * The form of `POST /v1/files`: whole files, and fields that say what their headers do not.
 */
import {
  MaxFileSizeExceededError,
  MaxPartsExceededError,
  MaxTotalSizeExceededError,
  MultipartParseError,
  parseMultipartStream,
} from "@remix-run/multipart-parser";
import * as z from "zod";
import { segmentationRequestSchema } from "../../src/contract/index.ts";
import { formBoundary } from "../../src/edge/api/form.ts";
import { InvalidRequest } from "../../src/edge/api/problem-document.ts";
import { GlamError } from "../../src/glam/problem.ts";
import { type View, views } from "../../src/glam/view.ts";
import { MAX_BYTES } from "../segment/read-source.ts";
import { type Pace, paced } from "./paced.ts";

/** Files of one form: the views of an exam, some of them twice. */
const MAX_FILES = 16;

/** All files of one form together, bytes. */
const MAX_TOTAL = 2 * MAX_BYTES;

const { regions, threshold, minAreaMm2, pixelSpacing } = segmentationRequestSchema.shape;
const fieldsSchema = z.strictObject({
  view: z.enum(views).optional(),
  pixelSpacing,
  chestWall: z.enum(["left", "right"]).optional(),
  regions,
  threshold,
  minAreaMm2,
});

/** Fields that are numbers. */
const NUMBERS = ["pixelSpacing", "regions", "threshold", "minAreaMm2"];

export type FilesForm = {
  /** In the order of the form; names of files are dropped unread. `view` is the name of the part where it is one. */
  files: { bytes: Uint8Array; view?: View | undefined }[];
  fields: z.infer<typeof fieldsSchema>;
};

/**
 * Files are parts called `file`, or by the view that they show.
 * @throws GlamError `unsupported-media-type`, `malformed-form`, `body-too-large`, `too-slow`, `aborted`, `invalid-request` with every wrong field
 */
export async function readFiles(request: Request, pace: Pace): Promise<FilesForm> {
  const boundary = formBoundary(request.headers.get("content-type"));
  const limits = { boundary, maxParts: 2 * MAX_FILES, maxFileSize: MAX_BYTES, maxTotalSize: MAX_TOTAL };
  const body = paced(request.body ?? new ReadableStream(), pace);
  const files: FilesForm["files"] = [];
  const fields = new Map<string, unknown>();
  try {
    for await (const { name = "", bytes } of parseMultipartStream(body, limits)) {
      const view = views.find((one) => one === name);
      if (name === "file" || view !== undefined) files.push({ bytes, view });
      else if (fields.has(name)) throw new GlamError("invalid-request", "A field of the form is there twice.");
      else fields.set(name, fieldValue(name, new TextDecoder().decode(bytes)));
    }
    if (files.length > MAX_FILES) throw tooLarge();
  } catch (error) {
    throw formError(error);
  }
  const parsed = fieldsSchema.safeParse(Object.fromEntries(fields));
  if (!parsed.success) {
    const known = (path: string) => (path in fieldsSchema.shape ? `/${path}` : "/");
    throw new InvalidRequest(
      parsed.error.issues.map(({ path, message, code }) => ({
        path: known(String(path[0] ?? "")),
        message: code === "unrecognized_keys" ? "has fields that are not known here" : message,
      })),
    );
  }
  if (files.length === 0) {
    throw new GlamError("invalid-request", "The form has no part `file`, nor one that is called as a view.");
  }
  if (parsed.data.view !== undefined && (files.length > 1 || files[0].view !== undefined)) {
    throw new GlamError(
      "invalid-request",
      "The field `view` is for one part `file`; call the parts of several files by their views.",
    );
  }
  return { files, fields: parsed.data };
}

const fieldValue = (name: string, text: string): unknown =>
  NUMBERS.includes(name) && text.trim() !== "" ? Number(text) : text;

const tooLarge = () =>
  new GlamError(
    "body-too-large",
    `A file may have ${MAX_BYTES} bytes, all of a form ${MAX_TOTAL}; ${MAX_FILES} files at most.`,
  );

function formError(error: unknown): GlamError {
  if (
    error instanceof MaxFileSizeExceededError ||
    error instanceof MaxTotalSizeExceededError ||
    error instanceof MaxPartsExceededError
  ) {
    return tooLarge();
  }
  if (error instanceof MultipartParseError) return new GlamError("malformed-form", "The form is cut off or damaged.");
  return error instanceof GlamError ? error : new GlamError("aborted", "The body broke off.", { cause: error });
}
