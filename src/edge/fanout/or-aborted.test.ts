import { expect, test } from "vitest";
import { orAborted } from "./or-aborted.ts";

test("orAborted gives the result, the error, or the reason", async () => {
  const controller = new AbortController();
  await expect(orAborted(Promise.resolve(1), controller.signal)).resolves.toBe(1);
  await expect(orAborted(Promise.reject(new Error("own")), controller.signal)).rejects.toThrow("own");
  const stopped = orAborted(new Promise(() => {}), controller.signal);
  controller.abort(new Error("reason"));
  await expect(stopped).rejects.toThrow("reason");
  await expect(orAborted(Promise.resolve(1), controller.signal)).rejects.toThrow("reason");
});
