import { describe, expect, test } from "vitest";
import { uploadSchema } from "../../contract/index.ts";
import { createUploadIds, ID_LENGTH } from "./upload-id.ts";

const secret = (fill: number) => new Uint8Array(32).fill(fill);

describe("identifiers of uploads", () => {
  test("every isolate with the secret knows them, no other one does", async () => {
    const ids = await createUploadIds(secret(1));
    const same = await createUploadIds(secret(1));
    const other = await createUploadIds(secret(2));
    const made = await Promise.all(Array.from({ length: 100 }, () => ids.make()));
    expect(new Set(made).size).toBe(100);
    for (const id of made) {
      expect(uploadSchema.shape.id.parse(id)).toBe(id);
      expect(await same.isOurs(id)).toBe(true);
      expect(await other.isOurs(id)).toBe(false);
    }
  });

  test("a character that differs anywhere is noticed", async () => {
    const ids = await createUploadIds(secret(3));
    const id = await ids.make();
    for (let i = 0; i < ID_LENGTH; i++) {
      const changed = `${id.slice(0, i)}${id[i] === "A" ? "B" : "A"}${id.slice(i + 1)}`;
      expect(await ids.isOurs(changed)).toBe(false);
    }
  });

  test.each(["", "x", "A".repeat(ID_LENGTH), "A".repeat(ID_LENGTH + 1), "=".repeat(ID_LENGTH), "ä".repeat(ID_LENGTH)])(
    "%j is none",
    async (id) => {
      expect(await (await createUploadIds(secret(1))).isOurs(id)).toBe(false);
    },
  );
});
