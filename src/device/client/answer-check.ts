/**
 * @module
 * What is checked of an answer before it is handed on as the type that the server's schema defines: enough that neither a
 * captive portal nor another service passes for this one, and that no false size fills the memory. The
 * schema itself would be ten times the rest of the client.
 */
import type { Segmentation } from "../../contract/answer.ts";
import type { SegmentationEvent } from "../../contract/events.ts";
import type { Problem } from "../../contract/problem.ts";
import type { ModelDetail, ModelList } from "../../contract/service.ts";
import { ConnectionError } from "./errors.ts";

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isWhole = (value: unknown, low: number, high: number): boolean =>
  Number.isInteger(value) && Number(value) >= low && Number(value) <= high;
const isSize = (value: unknown): boolean =>
  isObject(value) && isWhole(value.height, 1, 16384) && isWhole(value.width, 1, 16384);
const isShare = (value: unknown): boolean => typeof value === "number" && value >= 0 && value <= 1;
const isPerClass = (value: unknown): boolean => isObject(value) && isShare(value.benign) && isShare(value.malignant);
const isCalibrated = (value: unknown): boolean => isPerClass(value) && isText((value as Fields).fittedOn);
const isMaps = (value: unknown): boolean => isObject(value) && isMap(value.benign) && isMap(value.malignant);
const isMap = (value: unknown): boolean => isSize(value) && isText((value as Fields).data);
const isRegion = (value: unknown): boolean =>
  isObject(value) && isWhole(value.rank, 0, 15) && isObject(value.box) && isText(value.status);
const isContours = (value: unknown): boolean =>
  isObject(value) && Array.isArray(value.benign) && Array.isArray(value.malignant);
const isOptional = (value: unknown, check: (value: unknown) => boolean): boolean => value === undefined || check(value);

/** Whether this is a problem document. */
export const isProblem = (value: unknown): value is Problem =>
  isObject(value) && isText(value.code) && isText(value.detail) && isWhole(value.status, 400, 599);

const isSegmentation = (value: unknown): value is Segmentation =>
  isObject(value) &&
  isText(value.id) &&
  isText(value.status) &&
  isSize(value.canvas) &&
  isPerClass(value.scores) &&
  isOptional(value.calibratedScores, isCalibrated) &&
  Array.isArray(value.regions) &&
  value.regions.every(isRegion) &&
  Array.isArray(value.warnings) &&
  isOptional(value.saliency, isMaps) &&
  isOptional(value.contours, isContours);

const eventChecks: Record<SegmentationEvent["event"], (data: unknown) => boolean> = {
  accepted: (data) => isObject(data) && isText(data.id) && isWhole(data.regions, 1, 16),
  global: (data) =>
    isObject(data) &&
    isPerClass(data.scores) &&
    isOptional(data.calibratedScores, isCalibrated) &&
    Array.isArray(data.regions) &&
    isMaps(data.saliency),
  region: (data) => isObject(data) && isRegion(data.region) && isOptional(data.map, isMaps),
  result: isSegmentation,
  problem: isProblem,
};

const isModelDetail = (value: unknown): value is ModelDetail => {
  const spec = isObject(value) && isObject(value.manifest) ? value.manifest.spec : undefined;
  return (
    isObject(spec) &&
    isSize(spec.canvas) &&
    typeof spec.pixelSpacing === "number" &&
    spec.pixelSpacing > 0 &&
    isObject(spec.preprocess) &&
    isWhole(spec.preprocess.erosion, 0, 16384) &&
    isWhole(spec.preprocess.buffer, 0, 16384)
  );
};

const isModelList = (value: unknown): value is ModelList =>
  isObject(value) &&
  Array.isArray(value.models) &&
  value.models.every((model) => isObject(model) && isText(model.name));

/** The error for what no check lets through. */
export function notTheService(status?: number, retryAfter?: number): ConnectionError {
  const what = status === undefined ? "What answered" : `What answered with HTTP ${status}`;
  const detail = `${what} is not this service, or one of another version. Check the address, and whether a proxy or a login page stands in between.`;
  return new ConnectionError("unexpected-answer", detail, {
    ...(status === undefined ? {} : { status }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}

function checked<T>(value: unknown, check: (value: unknown) => value is T): T {
  if (!check(value)) throw notTheService();
  return value;
}

/** @throws ConnectionError `unexpected-answer` */
export const asSegmentation = (value: unknown): Segmentation => checked(value, isSegmentation);

/** @throws ConnectionError `unexpected-answer` */
export const asModelDetail = (value: unknown): ModelDetail => checked(value, isModelDetail);

/** @throws ConnectionError `unexpected-answer` */
export const asModelList = (value: unknown): ModelList => checked(value, isModelList);

/**
 * One server-sent event; `undefined` for a name that this client does not know, from a newer service.
 * @throws ConnectionError `unexpected-answer`
 */
export function asEvent(event: string | undefined, text: string): SegmentationEvent | undefined {
  if (event === undefined || !Object.hasOwn(eventChecks, event)) return undefined;
  const data = parseJson(text);
  if (!eventChecks[event as SegmentationEvent["event"]](data)) throw notTheService();
  return { event, data } as SegmentationEvent;
}

/** JSON, or `undefined` for what is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
