import { describe, expect, it } from "vitest";
import type { TestElements } from "../../../../test/support/dicom-file.ts";
import { mammogramFile } from "../../../../test/support/dicom-mammogram.ts";
import type { ProblemCode } from "../../../glam/problem.ts";
import { halfEllipse, testSpec } from "../../preprocess/fixture.ts";
import { preprocessDicom, readDicom } from "../index.ts";

const image = halfEllipse(48, 40);

type Change = Record<string, TestElements[string] | undefined>;

const read = (change: Change) => readDicom(mammogramFile(image, { view: "R-MLO", pixelSpacing: 0.1 }, { change }));
const code = (value: string): TestElements => ({ "00080100": ["SH", value], "00080102": ["SH", "SCT"] });
const viewCode = (value: string, modifiers: string[] = []): Change => ({
  "00540220": ["SQ", [{ ...code(value), "00540222": ["SQ", modifiers.map(code)] }]],
});

describe("refusals", () => {
  const cases: [string, ProblemCode, Change][] = [
    ["for processing", "dicom-for-processing", { "00080068": ["CS", "FOR PROCESSING"] }],
    ["for processing by class", "dicom-for-processing", { "00080016": ["UI", "1.2.840.10008.5.1.4.1.1.1.2.1"] }],
    ["another modality", "dicom-not-supported", { "00080060": ["CS", "CT"] }],
    ["a list of files", "dicom-not-supported", { "00080016": ["UI", "1.2.840.10008.1.3.10"], "00080060": undefined }],
    ["tomosynthesis", "dicom-not-supported", { "00280008": ["IS", "60"] }],
    ["colour", "dicom-not-supported", { "00280002": ["US", [3]], "00280004": ["CS", "RGB"] }],
    ["palette", "dicom-not-supported", { "00280004": ["CS", "PALETTE COLOR"] }],
    [
      "32 bits",
      "dicom-not-supported",
      { "00280100": ["US", [32]], "00280101": ["US", [32]], "00280102": ["US", [31]] },
    ],
    ["contradicting bits", "dicom-unreadable", { "00280101": ["US", [12]] }],
    ["no rows", "dicom-unreadable", { "00280010": undefined }],
    ["no pixels", "dicom-unreadable", { "7fe00010": undefined }],
    ["too few pixels", "dicom-unreadable", { "00280010": ["US", [49]] }],
    ["too many pixels", "dicom-not-supported", { "00280010": ["US", [65535]], "00280011": ["US", [65535]] }],
    ["spot compression", "dicom-view-not-supported", viewCode("399368009", ["399055006"])],
    ["magnification, old code", "dicom-view-not-supported", viewCode("R-10226", ["R-102D6"])],
    ["magnification by its factor", "dicom-view-not-supported", { "00181114": ["DS", "1.8"] }],
    ["a specimen", "dicom-view-not-supported", viewCode("127457009")],
    ["pixels that are not square", "dicom-not-supported", { "00181164": ["DS", "0.1\\0.12"] }],
    ["such pixels in micrometres", "dicom-not-supported", { "00181164": ["DS", "70\\140"] }],
    ["another aspect ratio", "dicom-not-supported", { "00181164": undefined, "00280034": ["IS", "2\\1"] }],
    [
      "another aspect ratio and half a spacing",
      "dicom-not-supported",
      { "00181164": ["DS", "0.1"], "00280034": ["IS", "3\\4"] },
    ],
  ];
  it.each(cases)("%s: %s", async (_, problem, change) => {
    await expect(read(change)).rejects.toMatchObject({ code: problem });
  });
});

describe("warnings", () => {
  const cases: [string, Change][] = [
    ["modality-not-mg", { "00080060": ["CS", "CR"] }],
    ["modality-not-mg", { "00080060": undefined }],
    ["presentation-intent-unknown", { "00080068": undefined }],
    ["breast-implant", { "00281300": ["CS", "YES"] }],
    ["breast-implant", viewCode("399368009", ["399209000"])],
    ["partial-view", { "00281350": ["CS", "YES"] }],
    ["synthetic-image", { "00080008": ["CS", "DERIVED\\PRIMARY\\TOMO_2D"] }],
    ["burned-in-annotation", { "00280301": ["CS", "YES"] }],
    ["lossy-compression", { "00282110": ["CS", "01"] }],
    ["view-unusual", viewCode("399368009", ["399226006"])],
    ["view-unusual", viewCode("399260004")],
    ["view-unknown", { "00200062": undefined }],
    ["view-unknown", { "00540220": undefined, "00185101": undefined }],
    ["orientation-unusual", { "00200020": ["CS", "R\\A"] }],
  ];
  it.each(cases)("%s", async (warning, change) => {
    expect((await read(change)).warnings.map((found) => found.code)).toEqual([warning]);
  });
});

describe("view and laterality", () => {
  /** A ViewPosition, and nothing else that says view or side. */
  const spoken = (position: string): Change => ({
    "00540220": undefined,
    "00200062": undefined,
    "00185101": ["CS", position],
  });

  it("says what the file says", async () => {
    const [other] = (await read(spoken("XCCL"))).warnings;
    expect(other).toMatchObject({ code: "view-unusual", detail: expect.stringContaining("XCCL") });
    const [two] = (await read({ ...spoken("LCC"), "00200062": ["CS", "R"] })).warnings;
    expect(two).toMatchObject({ code: "view-unknown", detail: expect.stringMatching(/ViewPosition.* L.* R/) });
    const [sided] = (await read(spoken("RXCCL"))).warnings;
    expect(sided).toMatchObject({ code: "view-unusual", detail: expect.stringContaining("says XCCL") });
  });

  it("does not say of what it does not understand that it is another view", async () => {
    const [short] = (await read(spoken("LAT"))).warnings;
    expect(short).toMatchObject({ code: "view-unknown", detail: expect.stringMatching(/ViewPosition.*: LAT/) });
    const [long] = (await read(spoken("SECRET NAME"))).warnings;
    expect(long).toMatchObject({ code: "view-unknown", detail: expect.stringContaining("ViewPosition") });
    expect(long.detail).not.toContain("SECRET");
  });

  it.each([
    ["R-MLO", {}],
    ["R-CC", viewCode("399162004")],
    ["R-CC", viewCode("R-10242")],
    ["R-CC", { "00540220": undefined, "00185101": ["CS", "CC"] }],
    ["L-MLO", { "00200062": ["CS", "L"] }],
    ["L-MLO", { "00200062": undefined, "00200060": ["CS", "L"] }],
    ["L-MLO", { "00200062": undefined, "52009229": ["SQ", [{ "00209071": ["SQ", [{ "00209072": ["CS", "L"] }]] }]] }],
    [undefined, { "00200062": ["CS", "B"] }],
    [undefined, viewCode("399260004")],
    ["L-MLO", spoken("LMLO")],
    ["R-CC", spoken("RCC")],
    ["R-CC", spoken("R-CC")],
    ["L-MLO", spoken("mlo l")],
    ["L-MLO", spoken("LEFT MLO")],
    ["R-CC", spoken("CC_RIGHT")],
    ["R-CC", spoken("R.CC")],
    [undefined, spoken("LML")],
    [undefined, spoken("MLO MAG")],
    ["R-MLO", { ...spoken("MLO"), "00200062": ["CS", "R"] }],
    ["R-CC", { ...spoken("RCC"), "00200062": ["CS", "R"] }],
    [undefined, { ...spoken("LCC"), "00200062": ["CS", "R"] }],
    [undefined, spoken("LM")],
    [undefined, spoken("LMLOR")],
  ] as [string | undefined, Change][])("%s", async (view, change) => {
    expect((await read(change)).view).toBe(view);
  });
});

describe("geometry", () => {
  it.each([
    [0.1, "ImagerPixelSpacing", 1.05, { "00181114": ["DS", "1.05"], "00280030": ["DS", "0.095\\0.095"] }],
    [0.08, "PixelSpacing", 1, { "00181164": undefined, "00280030": ["DS", "0.08\\0.08"] }],
    [
      0.084,
      "PixelSpacing",
      1.05,
      {
        "00181164": undefined,
        "00280030": ["DS", "0.08\\0.08"],
        "00280a02": ["CS", "GEOMETRY"],
        "00181114": ["DS", "1.05"],
      },
    ],
    [0.05, "NominalScannedPixelSpacing", 1, { "00181164": undefined, "00182010": ["DS", "0.05\\0.05"] }],
  ] as [number, string, number, Change][])("%f mm from %s", async (pixelSpacing, from, magnification, change) => {
    const read1 = await read(change);
    expect(read1.pixelSpacing).toBeCloseTo(pixelSpacing, 9);
    expect(read1.spacing).toMatchObject({ from, magnification });
  });

  it("knows no spacing that the file does not say", async () => {
    expect((await read({ "00181164": undefined })).pixelSpacing).toBeUndefined();
    expect((await read({ "00181164": ["DS", "wide"] })).pixelSpacing).toBeUndefined();
    const square: Change = { "00181164": undefined, "00280034": ["IS", "7\\7"] };
    expect((await read(square)).pixelSpacing).toBeUndefined();
  });

  it("trusts a spacing before an aspect ratio, which stands for a missing one", async () => {
    expect((await read({ "00280034": ["IS", "2\\1"] })).pixelSpacing).toBe(0.1);
  });

  it.each([
    ["A\\F", "left"],
    ["P\\F", "right"],
    ["PR\\F", "right"],
    ["", undefined],
  ])("PatientOrientation %s: chest wall %s", async (orientation, chestWall) => {
    expect((await read({ "00200020": ["CS", orientation] })).chestWall).toBe(chestWall);
  });
});

describe("preprocessDicom", () => {
  const spec = { ...testSpec(48, 40), pixelSpacing: 0.1 };

  it("takes view and spacing from the header, and options before it", async () => {
    const mammogram = await read({});
    expect(preprocessDicom(mammogram, spec).pixelSpacing).toBe(0.1);
    expect(preprocessDicom(mammogram, { ...spec, pixelSpacing: 0.2 }, { pixelSpacing: 0.2 }).scale).toBe(1);
    const unknown = await read({ "00200062": undefined });
    expect(() => preprocessDicom(unknown, spec)).toThrow(expect.objectContaining({ code: "invalid-request" }));
    expect(preprocessDicom(unknown, spec, { view: "L-CC" }).canvas.height).toBe(48);
  });

  it("trusts the pixels before PatientOrientation, and it where they do not tell", async () => {
    expect(preprocessDicom(await read({}), spec).steps.chestWall).toBe("left");
    const full = { ...image, pixels: image.pixels.map((_, i) => 100 + ((i * 31) % 100)) };
    full.pixels.fill(0, 0, 5 * 40);
    const unclear = await readDicom(mammogramFile(full, { view: "R-CC", pixelSpacing: 0.1 }));
    expect(preprocessDicom(unclear, spec, { background: "zero" }).steps.chestWall).toBe("right");
  });
});
