/** A picture that the build copies; where it is served. */
declare module "*.png" {
  const url: string;
  export default url;
}
