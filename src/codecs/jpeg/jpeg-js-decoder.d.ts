/** The decoder alone: the package's main file brings its encoder, which nobody needs here. */
declare module "jpeg-js/lib/decoder.js" {
  export { decode as default } from "jpeg-js";
}
