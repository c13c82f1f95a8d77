/**
 * @module
 * PyTorch's element types and how their bytes become float32.
 */

/** One element type: its storage class in `torch`, its size, and how to read little-endian elements. */
export type ScalarType = {
  readonly storage: string;
  readonly bytes: number;
  /** @returns the value of the element that starts at byte `at` */
  readonly read: (view: DataView, at: number) => number;
};

const bfloat16 = (bits: number): number => {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint16(0, bits);
  return view.getFloat32(0);
};

/** IEEE half precision; Node 22 has no `DataView.getFloat16`. */
const float16 = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
};

const types: ScalarType[] = [
  { storage: "FloatStorage", bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  { storage: "DoubleStorage", bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  { storage: "HalfStorage", bytes: 2, read: (view, at) => float16(view.getUint16(at, true)) },
  { storage: "BFloat16Storage", bytes: 2, read: (view, at) => bfloat16(view.getUint16(at, true)) },
  { storage: "LongStorage", bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  { storage: "IntStorage", bytes: 4, read: (view, at) => view.getInt32(at, true) },
  { storage: "ShortStorage", bytes: 2, read: (view, at) => view.getInt16(at, true) },
  { storage: "CharStorage", bytes: 1, read: (view, at) => view.getInt8(at) },
  { storage: "ByteStorage", bytes: 1, read: (view, at) => view.getUint8(at) },
  { storage: "BoolStorage", bytes: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) },
];

/** Frozen, because a hostile pickle may set attributes on what it names. */
const scalarTypes: readonly ScalarType[] = types.map((type) => Object.freeze(type));

/** @returns the type of `torch.<name>`, or undefined where that is not a storage class */
export const scalarTypeOfStorage = (name: string): ScalarType | undefined =>
  scalarTypes.find((type) => type.storage === name);

export const isScalarType = (value: unknown): value is ScalarType => scalarTypes.includes(value as ScalarType);
