/**
 * @module
 * Failures in words for the user, and what to do.
 */
import type { ErrorCode } from "../../src/device/client/index.ts";
import type { Failure } from "../worker/protocol.ts";

/** `title`: what happened. `advice`: what to do. */
export type Words = { title: string; advice: string };

const again = "Try again in a moment.";
const programming = "This is a fault of the page, not of your image. Reload the page; if it stays, report the code.";
const operator = "Your image is fine. The operator of this service has to look at it; report the code.";

const words: Record<ErrorCode, Words> = {
  "connection-lost": {
    title: "The service cannot be reached",
    advice: "Check your connection and try again. Nothing is lost: the image is still here.",
  },
  "unexpected-answer": {
    title: "Something else than the service answered",
    advice: "A proxy or a login page may stand in between. Reload the page; if it stays, ask the operator.",
  },
  "dicom-unreadable": {
    title: "This DICOM file is damaged",
    advice: "It may be cut off. Export it again from the archive.",
  },
  "dicom-not-supported": {
    title: "This kind of DICOM file is not read",
    advice:
      "Choose a mammogram of one breast, one frame, as the archive exported it; the details say what is in the way.",
  },
  "dicom-for-processing": {
    title: "This is raw detector data",
    advice: "The model has never seen such images. Choose the image “for presentation” of the same exposure.",
  },
  "dicom-view-not-supported": {
    title: "This view cannot be judged",
    advice: "The model knows CC and MLO views of one breast. Choose one of these.",
  },
  "image-unreadable": {
    title: "This file cannot be read as a grey image",
    advice:
      "Choose a PNG, JPEG or DICOM file of one mammogram, as the archive exported it: grey, complete, not a screenshot.",
  },
  "image-too-small": {
    title: "The image is too small",
    advice: "Choose the full-size image, not a thumbnail, and check the pixel spacing.",
  },
  "constant-image": {
    title: "The image is blank",
    advice: "Every pixel has the same grey. Export the image again or choose another one.",
  },
  "breast-not-found": {
    title: "No breast was found in the image",
    advice:
      "Is it a mammogram of one breast on a dark background? A negative (black on white) has to be inverted first.",
  },
  "orientation-unclear": {
    title: "It is not clear on which side the chest wall is",
    advice: "The breast seems to touch both sides. Crop the image to one breast and choose it again.",
  },
  "background-not-zero": {
    title: "The background of the image is not black",
    advice: "Labels, borders or fog are left around the breast. Choose an export without them.",
  },
  unauthorized: { title: "The service wants an API key", advice: "Enter the key that the operator gave you." },
  forbidden: {
    title: "The service does not accept this API key",
    advice: "Check the key for typing errors or ask the operator for a new one.",
  },
  "not-this-machine": {
    title: "This address is for programs of the machine that it runs on",
    advice: "Open the page at the address of a service.",
  },
  "access-not-set": {
    title: "The service is not open yet",
    advice: "Its operator has to set API keys, or open it on purpose; the details say how.",
  },
  "too-many-requests": { title: "Too many requests", advice: "Wait a minute, then try again." },
  busy: { title: "The service is busy", advice: `Others are being served. ${again}` },
  "deadline-exceeded": { title: "The service ran out of time", advice: `It may be busy. ${again}` },
  "out-of-memory": { title: "The service has too little memory for this", advice: operator },
  "crop-failed": {
    title: "A region could not be looked at closely",
    advice: "The rest of the answer stands. Run it again for the missing region.",
  },
  "model-damaged": { title: "The service's model is damaged", advice: operator },
  "model-not-found": { title: "The model is no longer there", advice: "Reload the page to get the present one." },
  "checkpoint-unreadable": { title: "The service's model cannot be read", advice: operator },
  "runtime-missing": { title: "The service cannot run its model", advice: operator },
  "checkpoint-mismatch": { title: "The service's model does not fit", advice: operator },
  "internal-error": { title: "Something unexpected went wrong", advice: `${again} If it stays, report the code.` },
  "body-too-large": {
    title: "The image is too large for this service",
    advice: "Choose an image of one breast without large borders, or ask the operator to raise the limit.",
  },
  "tile-too-large": { title: "A part of the image is too large for this service", advice: operator },
  "malformed-form": { title: "The upload arrived damaged", advice: `The connection may have broken. ${again}` },
  "malformed-json": { title: "The service did not understand the page", advice: programming },
  "invalid-request": { title: "The service did not understand the page", advice: programming },
  "not-found": { title: "The service did not understand the page", advice: programming },
  "method-not-allowed": { title: "The service did not understand the page", advice: programming },
  "unsupported-media-type": { title: "The service did not accept the image's parts", advice: programming },
  "no-tiles": {
    title: "There is nothing in the image to look at",
    advice: "Look at the prepared image: is the breast in it? Choose another image.",
  },
  "tile-duplicate": { title: "The service did not accept the image's parts", advice: programming },
  "tile-outside-grid": { title: "The service did not accept the image's parts", advice: programming },
  "tile-wrong-size": { title: "The service did not accept the image's parts", advice: programming },
  "tile-damaged": { title: "The upload arrived damaged", advice: `The connection may have broken. ${again}` },
  "tile-not-grey": { title: "The service did not accept the image's parts", advice: programming },
  "tile-bit-depth": { title: "The service did not accept the image's parts", advice: programming },
  "canvas-mismatch": {
    title: "The service has changed its model",
    advice: "Reload the page and choose the image again.",
  },
  "digest-invalid": { title: "The service did not understand the page", advice: programming },
  "digest-mismatch": { title: "The upload arrived damaged", advice: `The connection may have broken. ${again}` },
  "idempotency-key-invalid": { title: "The service did not understand the page", advice: programming },
  "idempotency-key-reused": { title: "The service did not understand the page", advice: programming },
  "webhook-refused": { title: "The service did not understand the page", advice: programming },
  "upload-of-exam": { title: "The service did not understand the page", advice: programming },
  "exam-not-found": { title: "The service no longer has the exam", advice: again },
  "exam-not-finished": { title: "The service still computes the exam", advice: again },
  "exam-interrupted": {
    title: "The service stopped while it computed",
    advice: `${again} If it stays, report the code.`,
  },
  "exams-unavailable": { title: "This service takes no exams", advice: "Run the images one by one." },
  "too-many-exams": { title: "The service is busy", advice: `It holds as many exams as it can. ${again}` },
  "too-many-uploads": { title: "The service is busy", advice: `It holds as many uploads as it can. ${again}` },
  "uploads-unavailable": {
    title: "This service takes no interrupted uploads",
    advice: `Your connection broke on the way. ${again}`,
  },
  "too-slow": { title: "The upload was too slow", advice: "Your connection is slow or stood still. Try again." },
  "upload-in-use": { title: "This upload is being judged already", advice: again },
  "upload-not-found": { title: "The upload took too long and was dropped", advice: again },
  "upload-too-large": {
    title: "The image is too large for this service",
    advice: "Choose an image of one breast without large borders, or ask the operator to raise the limit.",
  },
  aborted: { title: "Cancelled", advice: "The service is told to delete what it has." },
};

/** A failure in words. */
export const describeFailure = ({ code }: Failure): Words => words[code] ?? words["internal-error"];
