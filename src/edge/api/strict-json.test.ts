import { describe, expect, test } from "vitest";
import { parseStrictJson } from "./strict-json.ts";

describe("parseStrictJson", () => {
  test.each([
    '{"a":{"a":[{"a":1},{"a":2}]},"b":"a:{\\"a\\":1}"}',
    '[{"x":"}{"},{"x":":"}]',
    '"a"',
    "1e3",
    ' { "a" : "a" , "b" : { } } ',
    '{"\\\\":1,"\\"":2}',
  ])("reads %s as JSON.parse does", (text) => {
    expect(parseStrictJson(text, "request")).toEqual(JSON.parse(text));
  });

  test.each(['{"a":1,"a":1}', '[{"b":{"a":1, "\\u0061":2}}]', '{"a":{"a":1},"a":2}', '{"__proto__":1,"__proto__":2}'])(
    "refuses a key given twice: %s",
    (text) => {
      expect(() => parseStrictJson(text, "request")).toThrow(expect.objectContaining({ code: "invalid-request" }));
    },
  );

  test.each(['{"regions":NaN}', '{"threshold":Infinity}', "", "{", "{a:1}", '{"a":1,}', "\ufeff{}"])(
    "refuses what is not JSON: %s",
    (text) => {
      expect(() => parseStrictJson(text, "request")).toThrow(expect.objectContaining({ code: "malformed-json" }));
    },
  );

  test("a deep or long text is read in linear time", () => {
    const deep = "[".repeat(20_000) + "]".repeat(20_000);
    expect(() => parseStrictJson(deep, "request")).not.toThrow();
    expect(() => parseStrictJson(`"${"\\".repeat(20_000)}"`, "request")).not.toThrow();
    expect(() => parseStrictJson('"'.repeat(20_001), "request")).toThrow();
  });
});
