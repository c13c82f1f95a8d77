import { expect, test } from "vitest";
import { checkKey } from "./api-key.ts";

const accepted = ["first-key-of-two-", "second-key-of-two"];

test.each([
  ["authorization", "Bearer second-key-of-two"],
  ["authorization", "bearer  first-key-of-two-"],
  ["x-api-key", "first-key-of-two-"],
])("accepts a known key in %s", async (name, value) => {
  await expect(checkKey(new Headers({ [name]: value }), accepted)).resolves.toMatch(/^[0-9a-f]{64}$/);
});

test.each([
  [{}, "unauthorized"],
  [{ authorization: "Basic Zm9v" }, "unauthorized"],
  [{ authorization: "Bearer first-key-of-two" }, "forbidden"],
  [{ "x-api-key": "first-key-of-two-,second-key-of-two" }, "forbidden"],
  [{ "x-api-key": "" }, "forbidden"],
])("%j is %s", async (headers, code) => {
  await expect(checkKey(new Headers(headers), accepted)).rejects.toMatchObject({ code });
});

test("with no key accepted, every key is refused", async () => {
  await expect(checkKey(new Headers({ "x-api-key": "anything" }), [])).rejects.toMatchObject({ code: "forbidden" });
});
