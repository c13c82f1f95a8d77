import { describe, expect, test } from "vitest";
import { deriveSeal } from "./tile-seal.ts";

const tile = Uint8Array.from({ length: 5000 }, (_, i) => (i * i) % 251);
const [id, other] = ["a", "b"].map((letter) => letter.repeat(48));

describe("sealed tiles", () => {
  test("open again with the same identifier, and show nothing of themselves", async () => {
    const sealed = await (await deriveSeal(id, "")).seal(tile, 1, 2);
    const text = Buffer.from(sealed).toString("latin1");
    expect(text).not.toContain(Buffer.from(tile.subarray(100, 116)).toString("latin1"));
    expect(await (await deriveSeal(id, "")).open(sealed, 1, 2)).toEqual(tile);
    const again = await (await deriveSeal(id, "")).seal(tile, 1, 2);
    expect(again).not.toEqual(sealed);
  });

  test("do not open with another identifier, at another place, or changed", async () => {
    const seal = await deriveSeal(id, "");
    const sealed = await seal.seal(tile, 1, 2);
    await expect((await deriveSeal(other, "")).open(sealed, 1, 2)).rejects.toThrow();
    await expect(seal.open(sealed, 2, 1)).rejects.toThrow();
    const changed = sealed.slice();
    changed[1000] ^= 1;
    await expect(seal.open(changed, 1, 2)).rejects.toThrow();
  });

  test("under another owner the object has another name, and its tiles do not open", async () => {
    const seals = await Promise.all(["", "key one", "key two"].map((owner) => deriveSeal(id, owner)));
    expect(new Set(seals.map(({ objectName }) => objectName)).size).toBe(3);
    const sealed = await seals[1].seal(tile, 1, 2);
    expect(await (await deriveSeal(id, "key one")).open(sealed, 1, 2)).toEqual(tile);
    await expect(seals[0].open(sealed, 1, 2)).rejects.toThrow();
    await expect(seals[2].open(sealed, 1, 2)).rejects.toThrow();
  });

  test("the object's name is the identifier's, and does not tell it", async () => {
    const { objectName } = await deriveSeal(id, "");
    expect(objectName).toMatch(/^[0-9a-f]{64}$/);
    expect((await deriveSeal(id, "")).objectName).toBe(objectName);
    expect((await deriveSeal(other, "")).objectName).not.toBe(objectName);
    expect(objectName).not.toContain("aaaa");
  });
});
