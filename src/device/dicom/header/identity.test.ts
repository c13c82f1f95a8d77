import { expect, test } from "vitest";
import { readIdentity } from "./identity.ts";
import type { CopiedAttribute, DicomSource } from "./source.ts";

const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
const source = (values: Record<number, string | Uint8Array | undefined>, studyUid?: string): DicomSource => {
  const copied = Object.entries(values).flatMap(([tag, value = ""]): CopiedAttribute[] => [
    { tag: Number(tag), vr: "LO", value: typeof value === "string" ? latin(value) : value },
  ]);
  return { copied, studyUid } as DicomSource;
};

test("patient and study as the header has them, without padding; what is empty or no date is missing", () => {
  const full = { 1048592: "Doe^Jane ", 1048608: " P-1 ", 1048624: "19610203", 524320: "20260102" };
  expect(readIdentity(source(full, "1.2.3"))).toEqual({
    patientName: "Doe^Jane",
    patientId: "P-1",
    birthDate: "19610203",
    studyUid: "1.2.3",
    studyDate: "20260102",
  });
  expect(readIdentity(source({ 1048592: "", 1048624: "1961", 524320: "2026.01.02" }))).toEqual({
    studyDate: "20260102",
  });
});

test.each([
  ["ISO_IR 100", latin("M\xfcller^J\xf6rg"), "Müller^Jörg"],
  ["ISO_IR 192", new TextEncoder().encode("Łucja^Żak"), "Łucja^Żak"],
  ["ISO_IR 144", Uint8Array.of(0xbb, 0xee, 0xda), "Люк"],
  ["\\ISO 2022 IR 87", latin("Yamada^Taro=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B"), "Yamada^Taro=山田^太郎"],
  ["\\ISO 2022 IR 149", latin("Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7"), "Hong^Gildong=洪^吉洞"],
  ["GB18030", Uint8Array.of(0xcd, 0xf5, 0x5e, 0xd0, 0xa1), "王^小"],
  ["ISO_IR 999", latin("Doe^\x1bJane"), "Doe^ane"],
  [undefined, latin("Doe^Jane\\Other^Name"), "Doe^Jane"],
] as const)("names in the character set %j", (characterSet, bytes, name) => {
  const values = { 1048592: bytes, ...(characterSet === undefined ? {} : { 524293: characterSet }) };
  expect(readIdentity(source(values)).patientName).toBe(name);
});
