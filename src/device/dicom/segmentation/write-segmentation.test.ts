import dcmjs from "dcmjs";
import { describe, expect, it } from "vitest";
import { convert, hasTool, inspect } from "../../../../test/support/debian-tools.ts";
import type { TestElements } from "../../../../test/support/dicom-file.ts";
import { mammogramFile } from "../../../../test/support/dicom-mammogram.ts";
import { answerOf } from "../../../../test/support/tiny-answer.ts";
import { generatePhantom, type View } from "../../../phantom/index.ts";
import { decodeGreyImage } from "../../images/index.ts";
import { testSpec } from "../../preprocess/fixture.ts";
import { preprocessDicom, readDicom, writeSegmentation } from "../index.ts";

/** 151 x 101 pixels are no whole number of bytes. */
const size = { height: 151, width: 101 };
const spec = { ...testSpec(160, 110, 4, 3), pixelSpacing: 206 / 151 };

/** A phantom as DICOM, preprocessed, with an answer that marks the phantom's own pixels by a rule. */
async function segmented(view: View, change: Record<string, TestElements[string] | undefined> = {}) {
  const phantom = generatePhantom({ seed: 6, ...size, bits: 12, view });
  const file = mammogramFile(phantom, { view, pixelSpacing: phantom.pixelSpacing }, { change });
  const mammogram = await readDicom(file);
  const preprocessed = preprocessDicom(mammogram, spec);
  const { pixels } = preprocessed.canvas;
  const benign = Uint8Array.from(pixels, (pixel) => (pixel > 1500 ? 255 : 127));
  const answer = answerOf(spec.canvas, { benign, malignant: new Uint8Array(pixels.length) });
  const expected = Array.from(phantom.pixels, (pixel) => Number(pixel > 1500));
  return { source: mammogram.source, preprocessed, answer, expected };
}

/** Bits of a frame, the first pixel in the lowest bit, written out anew. */
function frameOf(bytes: Uint8Array, frame: number): number[] {
  const pixels = size.height * size.width;
  return Array.from({ length: pixels }, (_, i) => (bytes[(frame * pixels + i) >> 3] >> ((frame * pixels + i) & 7)) & 1);
}

/** What tests look at in an object, as dcmjs names it. */
type Item = Record<string, string | number> & { [sequence: string]: Item[] };
type Read = Item & { PixelData: ArrayBuffer[] };

/** The object as dcmjs reads it. */
function read(bytes: Uint8Array<ArrayBuffer>): Read {
  const { dict } = dcmjs.data.DicomMessage.readFile(bytes.buffer);
  return dcmjs.data.DicomMetaDictionary.naturalizeDataset(dict) as Read;
}

describe("writeSegmentation", () => {
  it.each(["L-MLO", "R-CC"] as const)("%s: dcmjs reads the masks on the grid of the source", async (view) => {
    const { expected, ...input } = await segmented(view);
    const object = read(writeSegmentation(input));
    expect(object).toMatchObject({
      Rows: 151,
      Columns: 101,
      NumberOfFrames: 2,
      SegmentationType: "BINARY",
      Modality: "SEG",
    });
    const bits = new Uint8Array(object.PixelData[0]);
    expect(bits.length).toBe(2 * Math.ceil((2 * 151 * 101) / 16));
    expect(frameOf(bits, 0)).toEqual(expected);
    // The empty class has its frame.
    expect(frameOf(bits, 1).some((bit) => bit === 1)).toBe(false);
  });

  it("repeats patient and study, refers to the image, and says what made it", async () => {
    const { expected: _, ...input } = await segmented("L-MLO");
    const object = read(writeSegmentation({ ...input, date: new Date("2026-03-04T05:06:07Z") }));
    expect(object).toMatchObject({
      PatientID: "PID-0815",
      StudyInstanceUID: "2.25.111.2",
      ContentDate: "20260304",
      ContentTime: "050607",
      ContentDescription: "Research use only. Not a medical device.",
    });
    expect(object.SeriesInstanceUID).not.toBe("2.25.111.3");
    expect(object.ReferencedSeriesSequence[0].SeriesInstanceUID).toBe("2.25.111.3");
    const frame = object.PerFrameFunctionalGroupsSequence[1];
    const image = frame.DerivationImageSequence[0].SourceImageSequence[0];
    expect(image.ReferencedSOPInstanceUID).toBe("2.25.111.1");
    expect(image.SpatialLocationsPreserved).toBe("YES");
    expect(frame.SegmentIdentificationSequence[0].ReferencedSegmentNumber).toBe(2);
    const segments = object.SegmentSequence;
    expect(Array.from(segments, (segment) => segment.SegmentLabel)).toEqual(["benign", "malignant"]);
    expect(segments[0]).toMatchObject({ SegmentAlgorithmType: "AUTOMATIC", SegmentAlgorithmName: "glam-tiny 1.0.0" });
    expect(segments[0].SegmentationAlgorithmIdentificationSequence[0].AlgorithmParameters).toContain(
      input.answer.model.sha256,
    );
    expect(segments[0].AnatomicRegionSequence[0].AnatomicRegionModifierSequence[0].CodeMeaning).toBe("Left");
    expect(segments[0].TrackingUID).toMatch(/^2\.25\.\d{1,39}$/);
    expect(segments[0].TrackingUID).not.toBe(segments[1].TrackingUID);
  });

  it("takes the threshold that is asked for", async () => {
    const { expected: _, ...input } = await segmented("L-MLO");
    const at = (threshold: number) => {
      const bits = frameOf(new Uint8Array(read(writeSegmentation({ ...input, threshold })).PixelData[0]), 0);
      return bits.reduce((sum, bit) => sum + bit, 0);
    };
    // 127 / 255 is 0.498...
    expect(at(0.3)).toBe(at(0.498));
    expect(at(0.498)).toBeGreaterThan(at(0.499));
    expect(at(0.499)).toBe(at(1));
  });

  it("says what areas reach, and how far down", async () => {
    const { expected: _, ...input } = await segmented("L-MLO");
    const { contours } = input.answer;
    if (contours === undefined) throw new Error("The answer has no contours.");
    const answer = { ...input.answer, contours: { ...contours, threshold: 0.6, lowThreshold: 0.3 } };
    const [segment] = read(writeSegmentation({ ...input, answer })).SegmentSequence;
    expect(segment.SegmentDescription).toContain('for the class "benign" is at least 0.3 and somewhere reaches 0.6.');
    const [{ AlgorithmParameters }] = segment.SegmentationAlgorithmIdentificationSequence;
    expect(AlgorithmParameters).toContain("threshold 0.6; low threshold 0.3");
  });

  it("refuses a source that cannot be referred to, and an answer without maps", async () => {
    const anonymous = await segmented("L-MLO", { "0020000d": undefined });
    expect(() => writeSegmentation(anonymous)).toThrow(expect.objectContaining({ code: "dicom-unreadable" }));
    const { source, preprocessed, answer } = await segmented("L-MLO");
    const { saliency: _, ...bare } = answer;
    expect(() => writeSegmentation({ source, preprocessed, answer: bare })).toThrow(
      expect.objectContaining({ code: "invalid-request" }),
    );
  });
});

describe("outside judges", () => {
  const variants: [string, Record<string, TestElements[string] | undefined>][] = [
    ["a bare source", {}],
    ["a frame of reference", { "00200052": ["UI", "2.25.111.4"] }],
    ["no spacing, no laterality", { "00181164": undefined, "00200062": undefined, "00200060": undefined }],
    [
      "a name in another alphabet",
      { "00080005": ["CS", "ISO_IR 144"], "00100010": ["PN", Uint8Array.of(0xb8, 0xd2, 0x5e, 0xd0, 0xdd)] },
    ],
  ];

  it.skipIf(!hasTool("dciodvfy")).each(variants)("dciodvfy finds no error: %s", async (_, change) => {
    const { expected: __, ...input } = await segmented("L-MLO");
    const { source } = await readDicom(
      mammogramFile(
        generatePhantom({ seed: 6, ...size, bits: 12, view: "L-MLO" }),
        { view: "L-MLO", pixelSpacing: 0.1 },
        { change },
      ),
    );
    const { output } = inspect("dciodvfy", [], writeSegmentation({ ...input, source }));
    expect(output).toContain("Segmentation");
    expect(output.split("\n").filter((line) => /^(Error|Warning)/.test(line))).toEqual([]);
  });

  it.skipIf(!hasTool("dcm2pnm"))("dcmtk shows the masks", async () => {
    const { expected, ...input } = await segmented("R-CC");
    const bytes = writeSegmentation(input);
    for (const [frame, mask] of [expected, expected.map(() => 0)].entries()) {
      const pgm = convert("dcm2pnm", ["+F", String(frame + 1), "+op"], bytes);
      const pixels = decodeGreyImage(pgm).pixels;
      expect(Array.from(pixels, (pixel) => Number(pixel > 0))).toEqual(mask);
    }
  });

  it.skipIf(!hasTool("dcmdump"))("dcmtk reads every element", async () => {
    const { expected: _, ...input } = await segmented("L-CC");
    const { status, output } = inspect("dcmdump", ["+Ep"], writeSegmentation(input));
    expect(status).toBe(0);
    expect(output).not.toMatch(/^[EW]: /m);
    expect(output).toContain("=SegmentationStorage");
  });
});
