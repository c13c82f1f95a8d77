/**
 * @module
 * A runtime with the language, timers, an AbortController and a `fetch` as React Native has it: bodies go out as bytes and come
 * back as a whole. No Blob, FormData, streams, TextDecoder, URL, crypto or base64.
 */
import { createContext, runInContext } from "node:vm";
import { build } from "esbuild";

/** Runs an ES module's exports as the variable `client` in such a runtime; `script` is the body of an async function. */
export async function runInMeagreRuntime(module: string, script: string, values: object): Promise<unknown> {
  const { outputFiles } = await build({
    entryPoints: [module],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "client",
  });
  const context = createContext({
    setTimeout,
    clearTimeout,
    AbortController,
    fetch: wholeBodyFetch,
    ...values,
  });
  runInContext(outputFiles[0].text, context);
  return runInContext(`(async () => { ${script} })()`, context);
}

async function wholeBodyFetch(url: string, { body, ...init }: RequestInit & { body?: Uint8Array | string }) {
  const bytes = typeof body === "object" ? Uint8Array.from(body) : body;
  const response = await fetch(url, { ...init, ...(bytes === undefined ? {} : { body: bytes }) });
  const text = await response.text();
  const { ok, status, headers } = response;
  return { ok, status, headers, text: async () => text };
}
