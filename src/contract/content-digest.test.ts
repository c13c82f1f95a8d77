import { describe, expect, test } from "vitest";
import { checkDigest, readContentDigest } from "./content-digest.ts";

/** SHA-256 of nothing, of `{"hello": "world"}\n` (the example of RFC 9530), and their spelling in hex. */
const nothing = ":47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
const nothingHex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const hello = ":RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";

describe("Content-Digest", () => {
  test.each([
    ["alone", `sha-256=${nothing}`],
    ["with spaces", `  sha-256=${nothing} `],
    ["with a parameter", `sha-256=${nothing};a=1`],
    ["beside another digest", `sha-512=:AAAA:, sha-256=${nothing}`],
    ["before another digest", `sha-256=${nothing},md5=:AAAA:`],
  ])("%s", (_, header) => {
    expect(readContentDigest(header, "tile-0-0")).toBe(nothingHex);
  });

  test("the example of RFC 9530 is the digest of its body", async () => {
    const digest = readContentDigest(`sha-256=${hello}`, "tile-0-0");
    await checkDigest(new TextEncoder().encode('{"hello": "world"}\n'), digest, "tile-0-0");
  });

  test.each([
    ["missing", null],
    ["empty", ""],
    ["of another kind", "md5=:AAAAAAAAAAAAAAAAAAAAAA==:"],
    ["without colons", "sha-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="],
    ["in hex", `sha-256=:${nothingHex}:`],
    ["too short", "sha-256=:AAAA:"],
    ["no base64", `sha-256=:${"*".repeat(44)}:`],
    ["given twice", `sha-256=${nothing}, sha-256=${hello}`],
    ["beside garbage", `sha-256=${nothing}, hello`],
    ["with capitals", `SHA-256=${nothing}`],
    ["very long", "sha-256=:".repeat(10_000)],
  ])("%s is refused, and nothing of it comes back", (_, header) => {
    expect(() => readContentDigest(header, "tile-3-4")).toThrow(
      expect.objectContaining({
        code: "digest-invalid",
        at: "tile-3-4",
        message: expect.not.stringContaining("47DEQ"),
      }),
    );
  });

  test("another body is refused", async () => {
    await checkDigest(new Uint8Array(0), nothingHex, "tile-0-0");
    await expect(checkDigest(Uint8Array.of(0), nothingHex, "tile-0-0")).rejects.toMatchObject({
      code: "digest-mismatch",
      at: "tile-0-0",
    });
  });
});
