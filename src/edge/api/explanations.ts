/**
 * @module
 * What each problem means and what to do about it, for the pages at `/problems/<code>`.
 */
import type { ProblemCode } from "../../glam/problem.ts";

/** One paragraph for each code. */
export const explanations: Record<ProblemCode, string> = {
  "malformed-form":
    "The body is no complete multipart/form-data form: a boundary is missing, the connection ended early, a part is unknown or there twice. Let your HTTP library build the form and do not set Content-Type or Content-Length yourself.",
  "malformed-json": "The part `request` must be JSON in UTF-8. NaN and Infinity are not JSON.",
  "digest-invalid":
    "A tile of an upload needs the header `Content-Digest: sha-256=:<base64 of the SHA-256 of the body>:` (RFC 9530), so that a tile that a bad network has changed is never kept.",
  "digest-mismatch":
    "The body that arrived is not the one that the header Content-Digest describes. Nothing was stored; send the tile again.",
  "idempotency-key-invalid":
    "POST /v1/exams needs the header Idempotency-Key: 16 to 255 visible ASCII characters that you make at random once for each exam (a UUID), and send again with every try.",
  "invalid-request":
    "The part `request` is JSON, but a field is missing, unknown, given twice or out of range. The answer's `errors` lists every one.",
  unauthorized: "This deployment wants an API key: `Authorization: Bearer <key>` or `X-API-Key: <key>`.",
  forbidden: "The key was read and is not one that this deployment accepts.",
  "not-this-machine":
    "`glam serve` answers at 127.0.0.1, localhost and [::1] alone, and no page of another origin: such a page could otherwise use it through the browser of whoever works at this machine. Call it by its own address from a program here.",
  "access-not-set":
    'A deployment computes on its operator\'s account, so it lets nobody in until the operator says whom: keys, with `npx wrangler secret put API_KEYS`, or everybody, with `ACCESS = "open"` under [vars] in wrangler.toml; calls are then limited by network address. `npm run dev` is open.',
  "not-found": "The API is described at /openapi.json.",
  "model-not-found": "The model's name is not one of those at /v1/models.",
  "upload-not-found":
    "An upload ends when it was segmented, deleted, or left alone for too long, and nothing of it is kept. Start again with POST /v1/uploads.",
  "exam-not-found":
    "The exam was deleted, or it expired and its answers are gone. Under another API key it does not exist. Start again with POST /v1/exams and a new key.",
  "method-not-allowed": "The address exists, the method does not; the header Allow names those that do.",
  "too-slow":
    "The received part of a body is held in memory. A body that falls ten seconds behind a rate of 4 KiB a second is dropped; when memory is scarce, one that falls two seconds behind 64 KiB a second. Send it again, on a bad connection tile by tile with POST /v1/uploads. `glam serve`, which is called from the same machine, drops a body that falls ten seconds behind 1 MiB a second.",
  "upload-in-use":
    "The upload is being segmented, and one run at a time may do that; its tiles cannot change meanwhile. Wait for that run's answer, or try again as the header Retry-After says.",
  "upload-of-exam":
    "An exam segments its uploads by itself when all their tiles are there, and deletes them. Ask for the exam instead; delete the exam to give up.",
  "exam-not-finished":
    "There is no result while tiles are missing or images are computed. GET of the exam says how far it is; ask again as the header Retry-After says.",
  "body-too-large":
    "Send tiles as JPEG or PNG rather than raw, leave out tiles that are all background, or ask the operator to raise MAX_BODY_MB.",
  "tile-too-large": "A tile's file exceeds the limit for one tile, or its header claims an image that does.",
  "upload-too-large":
    "The answer of POST /v1/uploads has `limits`: bytes of one tile and of all tiles together. Send tiles as JPEG or PNG, leave out tiles that are all background, or ask the operator to raise MAX_BODY_MB.",
  "unsupported-media-type":
    "The form must be multipart/form-data, the body of POST /v1/uploads application/json; tiles must be image/jpeg (8-bit grey) or image/png (8 or 16-bit grey) and be what they say they are.",
  "idempotency-key-reused":
    "The header Idempotency-Key was sent before with another body. One key means one exam: make a new key for another one, or send the first body again.",
  "webhook-refused":
    "Webhooks go by https to hosts that the operator has listed (WEBHOOK_HOSTS), signed with the deployment's secret (WEBHOOK_SECRETS); never to an address by number, with a password, or in a private network. Ask the operator, or ask for the exam's state instead.",
  "no-tiles": "Send a part `image`, or parts `tile-{row}-{col}`. An image of background only has nothing to look at.",
  "tile-duplicate": "Rows and columns count from 0; each place may be sent once.",
  "tile-outside-grid": "The grid has ceil(canvas / tile) rows and columns, counted from 0.",
  "tile-wrong-size":
    "Every tile has the size that the request says, except that those at the right and bottom edge end with the canvas.",
  "tile-damaged": "The tile's file is truncated or corrupt. A part of an image is never guessed.",
  "tile-not-grey": "Mammograms are grey. Convert the tile to one channel without alpha before sending it.",
  "tile-bit-depth": "Tiles have 8 or 16 bits, and all tiles of one image have the same.",
  "canvas-mismatch":
    "A model works on one canvas size, told at /v1/models/{name}. Preprocess the image for the model you ask for.",
  "constant-image": "An image with one grey level cannot be standardised and shows no breast.",
  "background-not-zero": "The background must be strictly 0: remove labels, borders and noise in preprocessing.",
  "image-unreadable": "The image file cannot be decoded.",
  "dicom-unreadable":
    "The file begins like DICOM and cannot be read: it is truncated, an element or the compressed image is damaged, or an attribute that the image needs is missing. Export or transfer it again.",
  "dicom-not-supported":
    "DICOM is read on your side, and not every kind: one grey frame of a mammogram, uncompressed, RLE, JPEG, JPEG-LS or JPEG 2000. Tomosynthesis with several frames, colour, other modalities and other transfer syntaxes are refused; the message says what it was and what to do.",
  "dicom-for-processing":
    'The image is marked "FOR PROCESSING": raw detector data that the device turns into a mammogram. Give the image "FOR PRESENTATION" of the same exposure.',
  "dicom-view-not-supported":
    "Spot compression, magnification and specimen views do not show a whole breast. Give the standard views CC and MLO.",
  "image-too-small": "The image is smaller than preprocessing can work with.",
  "breast-not-found": "Preprocessing found no breast: the image is empty, inverted, or not a mammogram.",
  "orientation-unclear": "Preprocessing cannot tell which side the chest wall is on.",
  "too-many-requests": "Wait as long as the header Retry-After says.",
  "model-damaged":
    "A file of the model does not have the hash that its manifest states. The operator must deploy the bundle again.",
  "runtime-missing":
    "The deployment asks for a runtime (GLOBAL_RUNTIME, LOCAL_RUNTIME), or was built with one only, for which the model's bundle has no file. Import the model with `--runtime both`, set the variable to `auto`, or deploy the Worker that has the other runtime.",
  "checkpoint-unreadable": "The file is not a PyTorch state_dict that can be read safely.",
  "checkpoint-mismatch": "The checkpoint's tensors do not fit the spec; the message names them.",
  "out-of-memory":
    "The model and this request need more memory than the isolate may use. Use a smaller model or raise MEMORY_LIMIT_MB where the platform allows it.",
  "internal-error":
    "The server failed in a way that has no code of its own. Report the answer's `incident`: the server's log has it, without anything of the image.",
  "exam-interrupted":
    "Computing this image was cut off again and again: the process that computed was stopped each time. The other images of the exam have their answers. Report it to the operator.",
  "exams-unavailable": "This deployment has no storage for exams. Send each image to POST /v1/segmentations.",
  "uploads-unavailable":
    "This deployment has no storage for tiles. Send the whole image at once to POST /v1/segmentations.",
  busy: "The isolate's queue is full, or its memory is in use by other requests. Try again as the header Retry-After says, and send back the header Glam-Ticket if this answer has one: it keeps your place in the queue.",
  "too-many-uploads":
    "The deployment's limit of open uploads is reached. Try again as the header Retry-After says, or send the whole image at once to POST /v1/segmentations.",
  "too-many-exams":
    "The deployment's limit of open exams is reached. Delete those that you have fetched, try again as the header Retry-After says, or send each image to POST /v1/segmentations.",
  "crop-failed":
    "A region's crop failed twice. The rest of the answer is valid; the fused map holds the coarse saliency there, or half of it, as the model's `fusion` says.",
  "deadline-exceeded":
    "Time ran out. Before the coarse result the request fails; after it, only the regions that were not done are marked failed.",
  aborted: "The caller closed the connection; nobody sees this answer.",
};
