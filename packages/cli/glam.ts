#!/usr/bin/env node
/**
 * @module
 * `npx glam` in a checkout; the package that `npm run build:cli` makes has it compiled.
 */
import "../../tools/glam.ts";
