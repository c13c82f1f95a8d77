/**
 * @module
 * `npm run build:page`: the page and the bundles of models/ into dist/assets, which wrangler uploads.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeAssets } from "./assets.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

await writeAssets(join(root, "dist/assets"), join(root, "models"));
