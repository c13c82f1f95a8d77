/**
 * @module
 * The transfer syntaxes that are read (DICOM PS3.5, section 10 and annex A).
 */
import { notSupported } from "./problems.ts";

/** How the pixels are stored. */
export type PixelEncoding = "native" | "rle" | "jpeg" | "jpeg-lossless" | "jpeg-ls" | "jpeg-2000";

export type TransferSyntax = {
  name: string;
  encoding: PixelEncoding;
  /** Values have no VR in the file. */
  implicit?: true;
  bigEndian?: true;
  /** The whole data set is one deflate stream. */
  deflated?: true;
  /** Pixels may differ from those that were acquired. */
  lossy?: true;
};

const JPEG = "1.2.840.10008.1.2.4.";

const syntaxes: Record<string, TransferSyntax> = {
  "1.2.840.10008.1.2": { name: "implicit little endian", encoding: "native", implicit: true },
  "1.2.840.10008.1.2.1": { name: "explicit little endian", encoding: "native" },
  "1.2.840.10008.1.2.1.99": { name: "deflated explicit little endian", encoding: "native", deflated: true },
  "1.2.840.10008.1.2.2": { name: "explicit big endian", encoding: "native", bigEndian: true },
  "1.2.840.10008.1.2.5": { name: "RLE", encoding: "rle" },
  [`${JPEG}50`]: { name: "JPEG baseline", encoding: "jpeg", lossy: true },
  [`${JPEG}51`]: { name: "JPEG extended", encoding: "jpeg", lossy: true },
  [`${JPEG}57`]: { name: "JPEG lossless", encoding: "jpeg-lossless" },
  [`${JPEG}70`]: { name: "JPEG lossless, first-order prediction", encoding: "jpeg-lossless" },
  [`${JPEG}80`]: { name: "JPEG-LS lossless", encoding: "jpeg-ls" },
  [`${JPEG}81`]: { name: "JPEG-LS near-lossless", encoding: "jpeg-ls", lossy: true },
  [`${JPEG}90`]: { name: "JPEG 2000 lossless", encoding: "jpeg-2000" },
  [`${JPEG}91`]: { name: "JPEG 2000", encoding: "jpeg-2000", lossy: true },
};

/** @throws GlamError `dicom-not-supported` for every other transfer syntax */
export function transferSyntax(uid: string): TransferSyntax {
  const syntax = Object.hasOwn(syntaxes, uid) ? syntaxes[uid] : undefined;
  if (syntax !== undefined) return syntax;
  const shown = /^[0-9.]{1,64}$/.test(uid) ? uid : "in the file";
  throw notSupported(
    `The transfer syntax ${shown} is not read. Convert the file, e.g. with "dcmdjpeg" of dcmtk, to explicit little endian.`,
  );
}
