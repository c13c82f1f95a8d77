import { expect, test } from "vitest";
import { readIdempotencyKey } from "./idempotency-key.ts";

const uuid = "8e03978e-40d5-43e8-bc93-6894a57f9324";

test.each([
  [uuid, uuid],
  [`"${uuid}"`, uuid],
  [` "${uuid}" `, uuid],
  ['"0123456789abcde\\"f"', '0123456789abcde"f'],
])("%s is read as %s", (header, key) => {
  expect(readIdempotencyKey(header)).toBe(key);
});

test.each([undefined, "", '""', "short", `${uuid} and more`, "ä".repeat(20), "a".repeat(256)])(
  "%j is none",
  (header) => {
    expect(() => readIdempotencyKey(header)).toThrow(expect.objectContaining({ code: "idempotency-key-invalid" }));
  },
);
