/**
 * @module
 * Which view it is: side, projection and modifiers.
 */
import { GlamError } from "../../../glam/problem.ts";
import type { View } from "../../../glam/view.ts";
import { type Attributes, decimal, items, string } from "../attributes.ts";
import type { DicomWarning } from "./warning.ts";

export type Laterality = "L" | "R";

export type DicomView = { view: View | undefined; laterality: Laterality | undefined; warnings: DicomWarning[] };

/** What ViewPosition says, or its text where that is not understood. */
type Position = { projection?: string; side?: Laterality; unclear?: string };

/** View codes (CID 4014) in SNOMED CT and as the older SNOMED RT codes. */
const VIEWS: Record<string, string> = {
  "399162004": "CC",
  "R-10242": "CC",
  "399368009": "MLO",
  "R-10226": "MLO",
  "399260004": "ML",
  "R-10224": "ML",
  "399352003": "LM",
  "R-10228": "LM",
  "399099002": "LMO",
  "R-10230": "LMO",
  "399196006": "FB",
  "R-10244": "FB",
  "399188001": "SIO",
  "R-102D0": "SIO",
  "441555000": "ISO",
  "R-40AAA": "ISO",
  "399192008": "XCCL",
  "R-1024A": "XCCL",
  "399101009": "XCCM",
  "R-1024B": "XCCM",
  "127457009": "SPECIMEN",
  "G-8310": "SPECIMEN",
};

/** View modifier codes (CID 4015). */
const MODIFIERS: Record<string, string> = {
  "399163009": "magnification",
  "R-102D6": "magnification",
  "399055006": "spot compression",
  "R-102D7": "spot compression",
  "399209000": "implant displaced",
  "R-102D5": "implant displaced",
};

const PROJECTIONS = new Set(Object.values(VIEWS));

/** Contact exposures magnify by a few percent, magnification views by half or more. */
const MAGNIFIED = 1.25;

/** @throws GlamError `dicom-view-not-supported` for views that show a part of the breast enlarged, or a specimen */
export function readView(attributes: Attributes): DicomView {
  const [coded] = items(attributes, "x00540220");
  const position = readPosition(attributes);
  const projection = codedView(coded) ?? position?.projection;
  // Modifiers stand in the item of the view; some devices put them beside it.
  const modifiers = [...items(coded ?? attributes, "x00540222"), ...items(attributes, "x00540222")].map(modifierName);
  const magnification = decimal(attributes, "x00181114") ?? 1;
  const refuse = (what: string) => {
    throw new GlamError(
      "dicom-view-not-supported",
      `The image is ${what}. The model knows whole breasts in the standard views CC and MLO.`,
    );
  };
  if (modifiers.includes("spot compression")) refuse("a spot compression view");
  if (modifiers.includes("magnification") || magnification >= MAGNIFIED) refuse("a magnification view");
  if (projection === "SPECIMEN") refuse("an image of a specimen");

  const warnings: DicomWarning[] = [];
  if (modifiers.includes("implant displaced")) {
    warnings.push({ code: "breast-implant", detail: "The breast has an implant, which was displaced for this view." });
  }
  if (modifiers.includes("other")) {
    warnings.push({ code: "view-unusual", detail: "The view has a modifier, e.g. rolled or tangential." });
  }
  const said = readLaterality(attributes);
  const laterality = said ?? position?.side;
  if (said !== undefined && position?.side !== undefined && said !== position.side) {
    const detail = `The file says two sides: ViewPosition (0018,5101) ${position.side}, its laterality ${said}. Say which view it is.`;
    warnings.push({ code: "view-unknown", detail });
    return { view: undefined, laterality: undefined, warnings };
  }
  if (projection === "CC" || projection === "MLO") {
    if (laterality !== undefined) return { view: `${laterality}-${projection}`, laterality, warnings };
  } else if (projection !== undefined) {
    warnings.push({
      code: "view-unusual",
      detail: `The view is neither CC nor MLO; the file says ${projection}. The model knows these two only; say which of them to treat it as.`,
    });
    return { view: undefined, laterality, warnings };
  }
  const unclear = projection === undefined ? position?.unclear : undefined;
  const detail =
    unclear !== undefined
      ? `ViewPosition (0018,5101) names no view that is known here${shown(unclear)}; say which view of which breast it is.`
      : "The file does not say which view of which breast it is; say it.";
  warnings.push({ code: "view-unknown", detail });
  return { view: undefined, laterality, warnings };
}

/** The file's text for its view, if it is a short code and cannot be a name. */
const shown = (position: string): string => (/^[A-Z]{1,5}$/.test(position) ? `: ${position}` : "");

/** A side before or behind a projection, in a letter or a word. */
const BEFORE = /^(LEFT|RIGHT|L|R)[-_. ]*/;
const BEHIND = /[-_. ]*(LEFT|RIGHT|L|R)$/;

/**
 * ViewPosition; some devices put the side before or behind it, as in LMLO or R-CC.
 * @returns undefined when there is none
 */
function readPosition(attributes: Attributes): Position | undefined {
  const position = string(attributes, "x00185101")?.toUpperCase();
  if (position === undefined || PROJECTIONS.has(position))
    return position === undefined ? undefined : { projection: position };
  for (const pattern of [BEFORE, BEHIND]) {
    const projection = position.replace(pattern, "");
    const side = pattern.exec(position)?.[1][0];
    if (PROJECTIONS.has(projection) && (side === "L" || side === "R")) return { projection, side };
  }
  return { unclear: position };
}

/** The projection that a View Code Sequence names. */
function codedView(item: Attributes | undefined): string | undefined {
  const code = item === undefined ? undefined : string(item, "x00080100");
  return code !== undefined && Object.hasOwn(VIEWS, code) ? VIEWS[code] : undefined;
}

function modifierName(item: Attributes): string {
  const code = string(item, "x00080100");
  return code !== undefined && Object.hasOwn(MODIFIERS, code) ? MODIFIERS[code] : "other";
}

/** ImageLaterality, else the frame's, else that of the series. */
function readLaterality(attributes: Attributes): Laterality | undefined {
  const tags = ["x00200062", "x00209072", "x00200060"] as const;
  const found = tags.map((tag) => string(attributes, tag)).find((value) => value !== undefined);
  return found === "L" || found === "R" ? found : undefined;
}
