/**
 * @module
 * Text of a header in the file's character set (DICOM PS3.3 C.12.1.1.2), for people to read.
 */

/** Defined terms, without code extensions -> names that TextDecoder knows. */
const ENCODINGS: Record<string, string> = {
  "100": "iso-8859-1",
  "101": "iso-8859-2",
  "109": "iso-8859-3",
  "110": "iso-8859-4",
  "144": "iso-8859-5",
  "127": "iso-8859-6",
  "126": "iso-8859-7",
  "138": "iso-8859-8",
  "148": "iso-8859-9",
  "203": "iso-8859-15",
  "13": "shift_jis",
  "166": "windows-874",
  "192": "utf-8",
  // With code extensions: escape sequences stand in the text.
  "87": "iso-2022-jp",
  "149": "euc-kr",
  "58": "gb18030",
};

/** The encoding of SpecificCharacterSet's bytes; of several values the one that is not Latin counts. */
function encodingOf(characterSet: Uint8Array | undefined): string {
  const terms = String.fromCharCode(...(characterSet ?? [])).split("\\");
  const encodings = terms.flatMap((term) => {
    const name = term.replaceAll("\0", "").trim();
    if (name === "GB18030" || name === "GBK") return ["gb18030"];
    const number = /^ISO(?:_IR| 2022 IR) (\d+)$/.exec(name)?.[1];
    return number !== undefined && Object.hasOwn(ENCODINGS, number) ? [ENCODINGS[number]] : [];
  });
  return encodings.find((encoding) => encoding !== "iso-8859-1") ?? encodings[0] ?? "iso-8859-1";
}

/**
 * The first value of a text attribute, without padding and control characters. What an encoding or a runtime does not know
 * becomes U+FFFD.
 */
export function textOf(bytes: Uint8Array, characterSet: Uint8Array | undefined): string {
  const encoding = encodingOf(characterSet);
  // Sets that TextDecoder takes for 8 bits without escapes are announced by ESC ) or ESC $ ) and one letter.
  const plain = encoding === "iso-2022-jp" ? bytes : withoutEscapes(bytes);
  // A backslash may be half of a character, so values are split after decoding.
  const [first] = decode(plain, encoding).split("\\");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be shown
  return first.replaceAll(/[\u0000-\u001f\u007f]/g, "").trim();
}

function decode(bytes: Uint8Array, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    // A runtime without this encoding: letters of English are the same in all of them.
    return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : "\ufffd")).join("");
  }
}

/** Drops ESC, what stands between (one to three of `$ ( ) -`) and the final letter. */
function withoutEscapes(bytes: Uint8Array): Uint8Array {
  if (!bytes.includes(0x1b)) return bytes;
  const out: number[] = [];
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i] !== 0x1b) {
      out.push(bytes[i]);
      continue;
    }
    i++;
    while (i < bytes.length && bytes[i] < 0x30) i++;
  }
  return Uint8Array.from(out);
}
