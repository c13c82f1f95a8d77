/**
 * @module
 * docs/reference/labels-csv.md: the columns of a list of mammograms.
 */
import { columns } from "../films/labels-csv.ts";
import { SHAPES } from "../films/places-column.ts";
import { code, page, table } from "./markdown.ts";

const example = `file,label,view,patient,scanner,density,pixel_spacing,places,mask_benign,mask_malignant
exam1/lcc.dcm,malignant,,p1,,C,,malignant ellipse 1210 845 90 60,,
exam1/lmlo.dcm,malignant,,p1,,C,,malignant polygon 800 700 920 690 930 820 810 830,,
film7.png,benign,R-MLO,p2,lumisys,B,0.05,circle 2210 1900 120,,
film8.pgm,benign+malignant,L-CC,p3,lumisys,A,0.05,,film8-benign.png,film8-malignant.png
film9.jpg,normal,L-CC,p4,lumisys,B,0.05,,,
`;

export const labelsCsvPage = (): string =>
  page(
    "labels.csv",
    "For whoever has mammograms with labels, to measure a model on them or train one ([how](../how-to/measure-on-your-mammograms.md)), and for whoever [segments an archive](../how-to/segment-an-archive.md), where `label` may be missing. One CSV file (RFC 4180) beside the images, with one row for each image.",
    `\`\`\`csv\n${example}\`\`\``,
    table(
      ["column", "what", "empty or missing"],
      Object.entries(columns).map(([name, { what, without }]) => [code(name), what, without]),
    ),
    "A place is the class, which may be omitted where the image has only one, then a shape with its numbers:",
    table(
      ["shape", "numbers"],
      [
        ...Object.entries(SHAPES).map(([name, { numbers }]) => [code(name), numbers.map(code).join(" ")]),
        [code("polygon"), "`x` `y` of three points or more"],
      ],
    ),
    "**Lists of public sets** are read without change: `films.csv` and `crops.csv` of CBIS-DDSM, `full.csv` and `small.csv` of CDD-CESM, `labels.csv` of mini-MIAS, which is for evaluation only.",
  );
