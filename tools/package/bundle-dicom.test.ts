import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { halfEllipse } from "../../src/device/preprocess/fixture.ts";
import { jpeg2000, jpegLossless, jpegLs } from "../../test/support/dicom-compress.ts";
import { dicomFile, uids } from "../../test/support/dicom-file.ts";
import { mammogramElements } from "../../test/support/dicom-mammogram.ts";
import { type BuiltFile, bundleDicom } from "./bundle-dicom.ts";

let folder: string;
let files: BuiltFile[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "glam-dicom-build-"));
  ({ files } = await bundleDicom(folder));
});
afterAll(() => rm(folder, { recursive: true }));

describe("glam-edge/dicom", () => {
  it("is small until a codec is needed", () => {
    expect(files[0].name).toBe("dicom.js");
    expect(files[0].gzipped).toBeLessThan(40_000);
  });

  it("leaves no chunks of an earlier build, and what is not its own", async () => {
    const others = ["client.js", "dicom-old-AAAAAAAA.js", "dicom-old-AAAAAAAA.js.map"];
    for (const name of others) await writeFile(join(folder, name), "");
    ({ files } = await bundleDicom(folder));
    expect((await readdir(folder)).sort()).toEqual(["client.js", ...files.map(({ name }) => name)].sort());
  });

  it("imports nothing but its own chunks", async () => {
    for (const { name } of files) {
      const code = await readFile(join(folder, name), "utf8");
      const imports = [...code.matchAll(/(?:from|import)\s*\(?"([^"]+)"/g)].map(([, path]) => path);
      for (const path of imports) expect(path).toMatch(/^\.\/dicom-/);
    }
  });

  it("reads every codec in plain Node, as it is built", async () => {
    const image = halfEllipse(40, 48, { bits: 12 });
    const frames = {
      [uids.jpegLossless]: jpegLossless(image, 1),
      [uids.jpegLs]: await jpegLs(image),
      [uids.jpeg2000]: await jpeg2000(image),
    };
    const paths = await Promise.all(
      Object.entries(frames).map(async ([syntax, frame]) => {
        const path = join(folder, `${syntax}.dcm`);
        await writeFile(path, dicomFile(mammogramElements(image, { view: "L-CC" }), syntax, [frame]));
        return path;
      }),
    );
    const script = `
      import { readFile } from "node:fs/promises";
      import { readDicom } from ${JSON.stringify(pathToFileURL(join(folder, "dicom.js")).href)};
      for (const path of ${JSON.stringify(paths)}) {
        const { image } = await readDicom(new Uint8Array(await readFile(path)));
        console.log(JSON.stringify(Array.from(image.pixels)));
      }`;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
    const expected = JSON.stringify(Array.from(image.pixels));
    expect(stdout.trim().split("\n")).toEqual([expected, expected, expected]);
  });
});
