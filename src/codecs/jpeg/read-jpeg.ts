/**
 * @module
 * A JPEG read strictly, nothing decoded: its tables, one frame and its scans, without what names a patient or a camera.
 */
import type { Size } from "../../glam/spec.ts";
import { damaged, type Place } from "../header-checks.ts";
import { type Orientation, readOrientation } from "../orientation.ts";
import { type Component, type Frame, isFrame, readFrame } from "./frame.ts";
import { checkRestarts, type Scan, unitsOf } from "./restarts.ts";
import { createScanLedger, type ScanLedger } from "./scans.ts";
import { marker, type Segment, segments } from "./segments.ts";
import { checkTables } from "./tables.ts";

/** Whether three components are red, green and blue, or brightness and two colour differences. */
export type ColourModel = "rgb" | "ycc";

export type Jpeg = Size & {
  /** Its height is that of the image, wherever the file says it. */
  frame: Frame;
  /** The parts of a JPEG of tables, the frame and its scans, for the decoder. */
  parts: Uint8Array[];
  scans: Scan[];
  colours: ColourModel;
  /** As Exif says it; the parts are not turned. */
  orientation: Orientation;
};

/** What application segments say of the pixels. */
type Application = { jfif: boolean; adobeTransform?: number; orientation?: Orientation };

/**
 * Copies only what an image needs: application data and comments are dropped.
 * @param accept looks at frame and orientation before anything is copied, and throws
 * @throws GlamError `tile-damaged`, `unsupported-media-type`, and what `accept` throws
 */
export function readJpeg(bytes: Uint8Array, at: Place, accept: (frame: Frame, orientation: Orientation) => void): Jpeg {
  const parts: Uint8Array[] = [Uint8Array.of(0xff, marker.soi)];
  const scans: (Scan & { data: Uint8Array })[] = [];
  const application: Application = { jfif: false };
  let frame: Frame | undefined;
  let ledger: ScanLedger | undefined;
  /** The frame header among the parts, until the height is known. */
  let open: Uint8Array | undefined;
  let interval = 0;
  for (const segment of segments(bytes, at)) {
    const { marker: code, payload } = segment;
    if (code === marker.com) continue;
    if (code >= marker.app0 && code <= marker.app15) {
      if (scans.length === 0) readApplication(segment, application);
      continue;
    }
    if (isFrame(code)) {
      if (frame) throw damaged(at, "The JPEG has more than one frame.");
      frame = readFrame(segment, at);
      ledger = createScanLedger(frame, at);
      open = bytes.slice(segment.start, segment.end);
      // The sampling factors of a single component mean nothing (T.81, A.2.2), but jpeg-js pads by them.
      if (frame.components.length === 1) open[11] = 0x11;
      parts.push(open);
      continue;
    }
    if (code === marker.sos) {
      if (!frame || !ledger) throw damaged(at, "The JPEG has a scan before its frame.");
      if (scans.length === 0 && frame.height > 0) accept(frame, application.orientation ?? 1);
      ledger.add(payload);
      const data = bytes.subarray(segment.start + 4 + payload.length, segment.end);
      scans.push({ components: componentsOf(frame, payload), interval, data });
      parts.push(withoutFill(bytes, segment));
      continue;
    }
    if (code === marker.dnl) {
      if (!frame || !open || scans.length !== 1 || payload.length !== 2)
        throw damaged(at, "A JPEG's number of lines is damaged.");
      const lines = (payload[0] << 8) | payload[1];
      if (lines === 0 || (frame.height > 0 && frame.height !== lines)) {
        throw damaged(at, "The JPEG says two different heights.");
      }
      const known = frame.height > 0;
      frame = { ...frame, height: lines };
      if (!known) accept(frame, application.orientation ?? 1);
      open.set(payload, 5);
      continue;
    }
    if (code === marker.dri) {
      if (payload.length !== 2) throw damaged(at, "The JPEG's restart interval is damaged.");
      interval = (payload[0] << 8) | payload[1];
    } else if (code === marker.dqt || code === marker.dht) {
      checkTables(segment, at);
    } else {
      throw damaged(at, "The JPEG has a segment that an image has no use for.");
    }
    parts.push(bytes.slice(segment.start, segment.end));
  }
  if (!frame || !ledger) throw damaged(at, "The JPEG has no frame.");
  ledger.finish();
  if (frame.height === 0)
    throw damaged(at, "The JPEG does not say its height, neither in its frame nor behind its first scan.");
  for (const scan of scans) checkRestarts(scan.data, unitsOf(frame, scan), scan.interval, at);
  parts.push(Uint8Array.of(0xff, marker.eoi));
  const { height, width } = frame;
  const colours = colourModel(frame, application);
  return { height, width, frame, parts, scans, colours, orientation: application.orientation ?? 1 };
}

/** The components that a scan header chooses; the ledger has looked at them. */
const componentsOf = ({ components }: Frame, header: Uint8Array): Component[] =>
  Array.from({ length: header[0] }, (_, i) => components.find(({ id }) => id === header[1 + 2 * i])).filter(
    (component) => component !== undefined,
  );

/** JFIF and Adobe give the colour model, Exif the orientation; the first of several counts. */
function readApplication({ marker: code, payload }: Segment, application: Application): void {
  const startsWith = (text: string) => [...text].every((letter, i) => payload[i] === letter.charCodeAt(0));
  if (code === marker.app0 && startsWith("JFIF\0")) application.jfif = true;
  else if (code === 0xee && startsWith("Adobe") && payload.length >= 12) application.adobeTransform ??= payload[11];
  else if (code === 0xe1 && startsWith("Exif\0")) application.orientation ??= readOrientation(payload.subarray(6));
}

/** As libjpeg chooses it. */
function colourModel({ components }: Frame, { jfif, adobeTransform }: Application): ColourModel {
  if (jfif) return "ycc";
  if (adobeTransform !== undefined) return adobeTransform === 0 ? "rgb" : "ycc";
  return components.map(({ id }) => String.fromCharCode(id)).join("") === "RGB" ? "rgb" : "ycc";
}

/** A scan without the fill bytes that may stand before its restart markers (T.81, B.1.1.2), which jpeg-js cannot read. */
function withoutFill(bytes: Uint8Array, { start, end }: Segment): Uint8Array {
  const part = bytes.slice(start, end);
  const isFill = (i: number) => part[i] === 0xff && part[i + 1] === 0xff;
  let from = part.indexOf(0xff, 2);
  while (from >= 0 && !isFill(from)) from = part.indexOf(0xff, from + 1);
  if (from < 0) return part;
  let length = from;
  for (let i = from; i < part.length; i++) if (!isFill(i)) part[length++] = part[i];
  return part.subarray(0, length);
}
