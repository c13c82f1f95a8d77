/**
 * @module
 * The elements of a DICOM file up to the pixel data, read by dicom-parser one at a time, so that a hostile file can make
 * neither a million objects nor read past its end.
 */
import dicomParser, { type Element } from "dicom-parser";
import { type Attributes, string, type Tag } from "./attributes.ts";
import { inflateDataSet } from "./inflate.ts";
import { isDicom, PREAMBLE } from "./is-dicom.ts";
import { notSupported, unreadable } from "./problems.ts";
import { type TransferSyntax, transferSyntax } from "./transfer-syntax.ts";

/** A parsed file: its attributes, and the pixel data element when there is one. */
export type DicomFile = { syntax: TransferSyntax; attributes: Attributes; pixelData: Element | undefined };

/** Largest file: 120 megapixels of 16 bits and some room. */
export const MAX_FILE_BYTES = 256 * 2 ** 20;

/** Headers have some hundreds of elements and kilobytes; private ones a few megabytes, which are skipped. */
const MAX_ELEMENTS = 20_000;
const MAX_HEADER_BYTES = 16 * 2 ** 20;

/** What media are listed in: it has no modality. */
const MEDIA_STORAGE_DIRECTORY = "1.2.840.10008.1.3.10";

const UNDEFINED_LENGTH = 0xffffffff;
const PIXEL_DATA = 0x7fe00010;

/** Explicit VRs whose length has four bytes. */
const LONG_VRS = new Set(["OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"]);

/** @throws GlamError `dicom-unreadable`, `dicom-not-supported` */
export function parseDicom(file: Uint8Array): DicomFile {
  if (!isDicom(file)) throw unreadable("The file is no DICOM file: the letters DICM are not where they must be.");
  if (file.length > MAX_FILE_BYTES) {
    throw notSupported(`The DICOM file has ${file.length} bytes; ${MAX_FILE_BYTES} at most are read.`);
  }
  try {
    return parse(file);
  } catch (cause) {
    if (cause instanceof Error && cause.name === "GlamError") throw cause;
    throw unreadable("The DICOM file is cut off or damaged: its elements do not follow each other.", cause);
  }
}

function parse(file: Uint8Array): DicomFile {
  const meta = readElements(file, PREAMBLE + 4, { implicit: false, littleEndian: true, group: 2 });
  const metaOf = (tag: Tag) => string({ bytes: file, littleEndian: true, elements: meta.elements }, tag);
  if (metaOf("x00020002") === MEDIA_STORAGE_DIRECTORY) {
    throw notSupported("The DICOM object is no mammogram: it is a DICOMDIR, a list of other files.");
  }
  const uid = metaOf("x00020010");
  if (uid === undefined) throw unreadable("The DICOM file does not say its transfer syntax (0002,0010).");
  const syntax = transferSyntax(uid);
  const bytes = syntax.deflated ? inflateDataSet(file.subarray(meta.end), MAX_FILE_BYTES) : file;
  const littleEndian = !syntax.bigEndian;
  const from = syntax.deflated ? 0 : meta.end;
  const { elements } = readElements(bytes, from, { implicit: syntax.implicit ?? false, littleEndian });
  return { syntax, attributes: { bytes, littleEndian, elements }, pixelData: elements.x7fe00010 };
}

type Reading = {
  implicit: boolean;
  littleEndian: boolean;
  /** Stop at the first element of another group. */
  group?: number;
};

/** Reads elements until the pixel data, the end of the group or the end of the file. */
function readElements(
  bytes: Uint8Array,
  from: number,
  reading: Reading,
): { elements: Record<string, Element>; end: number } {
  const elements: Record<string, Element> = Object.create(null);
  const { littleEndian } = reading;
  const parser = littleEndian ? dicomParser.littleEndianByteArrayParser : dicomParser.bigEndianByteArrayParser;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [position, count, parsed] = [from, 0, 0];
  while (position < bytes.length) {
    if (reading.group !== undefined && !isOfGroup(view, position, reading.group)) break;
    const head = peek(view, position, reading);
    count++;
    if (count > MAX_ELEMENTS) throw unreadable(`The DICOM file has more than ${MAX_ELEMENTS} elements.`);
    const known = head.length !== UNDEFINED_LENGTH;
    if (known && head.dataOffset + head.length > bytes.length) {
      throw unreadable(
        head.tag === PIXEL_DATA
          ? "The DICOM file is cut off: it ends within the pixel data."
          : "The DICOM file is cut off or damaged: an element reaches past the end of the file.",
      );
    }
    if (head.tag === PIXEL_DATA) {
      elements.x7fe00010 = plainElement(head);
      break;
    }
    const next = known ? head.dataOffset + head.length : undefined;
    if (next !== undefined && head.length > MAX_HEADER_BYTES) {
      position = next;
      continue;
    }
    let element: Element;
    if (next !== undefined && !reading.implicit && head.vr !== "SQ") {
      element = plainElement(head);
      position = next;
    } else {
      // A sequence sees its own bytes only; one of unknown length sees no more than a header may have.
      const room = bytes.subarray(0, next ?? position + MAX_HEADER_BYTES);
      const stream = new dicomParser.ByteStream(parser, room, position);
      element = reading.implicit
        ? dicomParser.readDicomElementImplicit(stream)
        : dicomParser.readDicomElementExplicit(stream, []);
      const after = next ?? stream.position;
      if (after < head.dataOffset || after > bytes.length) throw unreadable("The DICOM file is cut off or damaged.");
      parsed += after - position;
      position = after;
    }
    elements[element.tag] = element;
    if (parsed > MAX_HEADER_BYTES) throw unreadable(`The DICOM header has more than ${MAX_HEADER_BYTES} bytes.`);
  }
  return { elements, end: position };
}

/**
 * Whether an explicit element of this group is there. Files are around whose FileMetaInformationGroupLength is 0 or wrong, so
 * the meta information ends where its group does.
 */
const isOfGroup = (view: DataView, position: number, group: number): boolean =>
  position + 6 <= view.byteLength &&
  view.getUint16(position, true) === group &&
  isLetter(view.getUint8(position + 4)) &&
  isLetter(view.getUint8(position + 5));

const isLetter = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;

/** Where an element is. */
type Head = { tag: number; vr: string | undefined; length: number; dataOffset: number };

/** An element whose value is not looked into. */
function plainElement({ tag, vr, length, dataOffset }: Head): Element {
  return { tag: `x${tag.toString(16).padStart(8, "0")}`, ...(vr === undefined ? {} : { vr }), length, dataOffset };
}

/** The head of the element at `position`, which must lie wholly inside. */
function peek(view: DataView, position: number, { implicit, littleEndian }: Reading): Head {
  if (position + 8 > view.byteLength) throw unreadable("The DICOM file is cut off: it ends within an element.");
  const tag = view.getUint16(position, littleEndian) * 0x10000 + view.getUint16(position + 2, littleEndian);
  if (implicit)
    return { tag, vr: undefined, length: view.getUint32(position + 4, littleEndian), dataOffset: position + 8 };
  const vr = String.fromCharCode(view.getUint8(position + 4), view.getUint8(position + 5));
  if (!/^[A-Z]{2}$/.test(vr)) throw unreadable("The DICOM file is damaged: there is no element where one must be.");
  if (!LONG_VRS.has(vr)) {
    return { tag, vr, length: view.getUint16(position + 6, littleEndian), dataOffset: position + 8 };
  }
  if (position + 12 > view.byteLength) throw unreadable("The DICOM file is cut off: it ends within an element.");
  return { tag, vr, length: view.getUint32(position + 8, littleEndian), dataOffset: position + 12 };
}
