/** The decoder alone, without the encoder of the package's main file. */
declare module "jpeg-js/lib/decoder.js" {
  export { decode as default } from "jpeg-js";
}
