/**
 * @module
 * The closed list of what can go wrong. A problem's code is stable and public; its detail says what happened and what to
 * do, and never carries bytes, names or metadata of the input.
 */

/** Code -> HTTP status and title (RFC 9457). `type` in an answer is `/problems/<code>`. */
export const problems = {
  "malformed-form": { status: 400, title: "The multipart form cannot be read" },
  "malformed-json": { status: 400, title: "The request part is not JSON" },
  "digest-invalid": { status: 400, title: "The header Content-Digest is missing or cannot be read" },
  "digest-mismatch": { status: 400, title: "The body does not have the digest that its header states" },
  "idempotency-key-invalid": { status: 400, title: "The header Idempotency-Key is missing or cannot be read" },
  "invalid-request": { status: 400, title: "A field of the request is missing or out of range" },
  unauthorized: { status: 401, title: "An API key is needed" },
  forbidden: { status: 403, title: "The API key is not accepted" },
  "not-this-machine": { status: 403, title: "Only programs of this machine are answered" },
  "access-not-set": { status: 403, title: "The deployment has no API keys and is not open" },
  "not-found": { status: 404, title: "There is nothing at this address" },
  "model-not-found": { status: 404, title: "The model does not exist here" },
  "upload-not-found": { status: 404, title: "The upload does not exist or has ended" },
  "exam-not-found": { status: 404, title: "The exam does not exist or has ended" },
  "method-not-allowed": { status: 405, title: "The method is not allowed here" },
  "too-slow": { status: 408, title: "The body came too slowly" },
  "upload-in-use": { status: 409, title: "The upload is being segmented" },
  "upload-of-exam": { status: 409, title: "The upload belongs to an exam" },
  "exam-not-finished": { status: 409, title: "The exam is not finished" },
  "body-too-large": { status: 413, title: "The body is larger than the limit" },
  "tile-too-large": { status: 413, title: "A tile is larger than the limit" },
  "upload-too-large": { status: 413, title: "The upload's tiles are larger than the limit" },
  "unsupported-media-type": { status: 415, title: "The media type is not supported" },
  "idempotency-key-reused": { status: 422, title: "The idempotency key belongs to another request" },
  "webhook-refused": { status: 422, title: "The deployment sends no webhook to this address" },
  "no-tiles": { status: 422, title: "The request has no tile" },
  "tile-duplicate": { status: 422, title: "Two tiles have the same place" },
  "tile-outside-grid": { status: 422, title: "A tile lies outside the grid" },
  "tile-wrong-size": { status: 422, title: "A tile has the wrong size" },
  "tile-damaged": { status: 422, title: "A tile is truncated or damaged" },
  "tile-not-grey": { status: 422, title: "A tile is not a grey image" },
  "tile-bit-depth": { status: 422, title: "A tile has an unsupported or different bit depth" },
  "canvas-mismatch": { status: 422, title: "The canvas is not the one the model works on" },
  "constant-image": { status: 422, title: "The image has one grey level" },
  "background-not-zero": { status: 422, title: "The background is not zero" },
  "image-unreadable": { status: 422, title: "The image cannot be read" },
  "dicom-unreadable": { status: 422, title: "The DICOM file is cut off, damaged or incomplete" },
  "dicom-not-supported": { status: 422, title: "This kind of DICOM object is not supported" },
  "dicom-for-processing": { status: 422, title: "The DICOM image is raw detector data" },
  "dicom-view-not-supported": { status: 422, title: "The view shows a part of the breast only" },
  "image-too-small": { status: 422, title: "The image is too small" },
  "breast-not-found": { status: 422, title: "No breast was found in the image" },
  "orientation-unclear": { status: 422, title: "The side of the chest wall cannot be told" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  "model-damaged": { status: 500, title: "The model's files do not match their hashes" },
  "runtime-missing": { status: 500, title: "The model has no file for the requested runtime" },
  "checkpoint-unreadable": { status: 500, title: "The checkpoint cannot be read" },
  "checkpoint-mismatch": { status: 500, title: "The checkpoint does not fit the spec" },
  "out-of-memory": { status: 503, title: "The memory budget does not allow this" },
  "internal-error": { status: 500, title: "An unexpected error" },
  "exam-interrupted": { status: 500, title: "Computing the image was cut off too often" },
  "uploads-unavailable": { status: 501, title: "This deployment takes no uploads" },
  "exams-unavailable": { status: 501, title: "This deployment takes no exams" },
  busy: { status: 503, title: "The server is busy" },
  "too-many-uploads": { status: 503, title: "Too many uploads are open" },
  "too-many-exams": { status: 503, title: "Too many exams are open" },
  "crop-failed": { status: 503, title: "A crop could not be segmented" },
  "deadline-exceeded": { status: 504, title: "The deadline passed" },
  aborted: { status: 499, title: "The caller went away" },
} as const satisfies Record<string, { status: number; title: string }>;

/** One code of the closed list. */
export type ProblemCode = keyof typeof problems;

/**
 * The only error that the library throws on purpose.
 * @example throw new GlamError("tile-wrong-size", "Tile 0,1 is 300 x 512 pixels; the grid needs 480 x 512.");
 */
export class GlamError extends Error {
  override readonly name: string = "GlamError";
  readonly code: ProblemCode;
  /** Where in the request: a JSON path or `tile-0-1`; never a file name. */
  readonly at: string | undefined;
  /** Seconds after which to try again, for 429 and 503. */
  readonly retryAfter: number | undefined;

  constructor(code: ProblemCode, detail: string, options: { at?: string; retryAfter?: number; cause?: unknown } = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.at = options.at;
    this.retryAfter = options.retryAfter;
  }

  get status(): number {
    return problems[this.code].status;
  }
}
