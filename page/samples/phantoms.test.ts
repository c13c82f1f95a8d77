import { expect, test } from "vitest";
import { generateExamView, generatePhantom } from "../../src/phantom/index.ts";
import { phantomSamples, randomSample, shapeWords } from "./phantoms.ts";

/** The same lesions at every pixel size; as wide for its height as the model's canvas. */
const size = { height: 384, width: 256, bits: 8 } as const;

const phantoms = phantomSamples.flatMap(({ title, text, images }) =>
  images.flatMap((image) => ("phantom" in image ? [{ title, text, options: image.phantom }] : [])),
);

test.each(phantoms)(
  "$title, $options.view: what the text says is in the image, and nothing else",
  ({ text, options }) => {
    const { exam, ...rest } = options;
    const { lesions } = (exam ? generateExamView : generatePhantom)({ ...size, ...rest });
    const seen = lesions.map(({ kind, sub }) => `${shapeWords[sub]} (${kind})`);
    const said = text.match(/[a-z]+ (?:mass|of calcifications) \((?:benign|malignant)\)/g) ?? [];
    const inThisView = options.lesions?.length === 0 ? [] : said;
    expect(seen.map((words) => words.replace("cluster ", ""))).toEqual(
      inThisView.map((words) => words.replace("cluster ", "")),
    );
    if (inThisView.length > 0) for (const words of seen) expect(text).toContain(words);
  },
);

test("four views are of one woman", () => {
  const four = phantoms.filter(({ title }) => title === "Four views").map(({ options }) => options);
  expect(four.map(({ view }) => view).sort()).toEqual(["L-CC", "L-MLO", "R-CC", "R-MLO"]);
  expect(new Set(four.map(({ seed, exam }) => `${seed} ${exam}`)).size).toBe(1);
  expect(four.every(({ exam }) => exam)).toBe(true);
});

test("a random sample is another one each time", () => {
  expect(randomSample(() => 0.3)).not.toEqual(randomSample(() => 0.4));
});
