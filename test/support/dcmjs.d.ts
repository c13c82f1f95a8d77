/**
 * @module
 * The part of dcmjs that tests use, as an independent reader.
 */
declare module "dcmjs" {
  /** Attributes by their keyword; what a test expects of them it states itself. */
  type NaturalDataset = Record<string, unknown>;
  const dcmjs: {
    data: {
      DicomMessage: { readFile(buffer: ArrayBuffer): { dict: object } };
      DicomMetaDictionary: { naturalizeDataset(dict: object): NaturalDataset };
    };
  };
  export default dcmjs;
}
