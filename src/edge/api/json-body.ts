/**
 * @module
 * A body that is JSON, as text.
 */
import { collectBytes } from "../../bytes/concatenate.ts";
import { GlamError } from "../../glam/problem.ts";
import { receiveBlocks } from "./body.ts";
import { checkNotEncoded } from "./form-start.ts";
import type { Services } from "./services.ts";

const problems = {
  tooLarge: (maxBytes: number) => new GlamError("body-too-large", `The request is larger than ${maxBytes} bytes.`),
  cutOff: (cause: unknown) => new GlamError("malformed-json", "The connection ended before the body did.", { cause }),
};

/**
 * Reads the text.
 * @throws GlamError `unsupported-media-type`, `body-too-large`, `malformed-json`, `too-slow`, `busy`
 */
export async function receiveJson(
  raw: Request,
  { ledger, receiving }: Services,
  signal: AbortSignal,
  maxBytes: number,
): Promise<string> {
  if (!/^application\/json\s*(?:;|$)/i.test(raw.headers.get("content-type")?.trim() ?? "")) {
    throw new GlamError("unsupported-media-type", "Send the request as `application/json`.", { at: "content-type" });
  }
  checkNotEncoded(raw.headers);
  const share = ledger.open();
  try {
    const bytes = await collectBytes(receiveBlocks(raw, { receiving, share, maxBytes, signal, problems }));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof GlamError) throw error;
    throw new GlamError("malformed-json", "The text is not UTF-8.", { at: "request" });
  } finally {
    share.release();
  }
}
