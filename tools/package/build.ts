/**
 * @module
 * `npm run build:package`: the package `glam-edge` into dist: the client, the DICOM part, their types, and the licences
 * of what is bundled. An earlier build is removed.
 */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleClient } from "./bundle-client.ts";
import { bundleDicom } from "./bundle-dicom.ts";
import { declareTypes } from "./declare-types.ts";
import { notices } from "./notices.ts";

const outdir = fileURLToPath(new URL("../../dist", import.meta.url));

await rm(join(outdir, "types"), { recursive: true, force: true });
await rm(join(outdir, "client.js.map"), { force: true });
const [client, dicom] = await Promise.all([
  bundleClient(outdir),
  bundleDicom(outdir),
  declareTypes("device/client", join(outdir, "types")),
  declareTypes("device/dicom", join(outdir, "types")),
]);
await writeFile(join(outdir, "NOTICES.txt"), await notices([...client.inputs, ...dicom.inputs]));
for (const { name, bytes, gzipped } of [{ ...client, name: "client.js" }, ...dicom.files]) {
  console.log(`dist/${name}: ${bytes} bytes, ${gzipped} gzipped`);
}
