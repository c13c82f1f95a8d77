/**
 * @module
 * One HTTP call: address, key, signal, time limit, and errors by their type. Addresses are joined as text, because React
 * Native's `URL` is not complete.
 */
import { ticketHeader } from "../../contract/ticket.ts";
import { isProblem, notTheService, parseJson } from "./answer-check.ts";
import { ConnectionError, ProblemError } from "./errors.ts";
import { within } from "./within.ts";

/** Where the service is, and how to reach it. */
export type Connection = {
  /** Base address, e.g. `https://glam.example`; a path in front of `/v1` is kept. Empty for a page's own origin. */
  url: string | URL;
  /** For services that ask for one. */
  apiKey?: string | undefined;
  /** Instead of the global `fetch`: that of `expo/fetch`, say, or one that adds headers. */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Ends everything; what was awaited then throws the signal's reason. */
  signal?: AbortSignal | undefined;
  /**
   * For runtimes without the event `online`, such as React Native: calls `resume` when the network is back, and returns what ends
   * the listening. It is used while the client waits to try again.
   */
  onOnline?: ((resume: () => void) => () => void) | undefined;
};

export type Call = {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Below the base address, with a leading slash. */
  path: string;
  headers?: Record<string, string>;
  body?: Uint8Array<ArrayBuffer> | string;
  /** Until the head of the answer is there; with {@link callJson}, all of it. */
  timeoutMs: number;
};

/**
 * Calls and waits for the head of a good answer. The signal does not reach the reading of its body.
 * @throws ProblemError, ConnectionError, or the signal's reason
 */
export const call = (connection: Connection, request: Call): Promise<Response> =>
  within(request.timeoutMs, connection.signal, (signal) => send(connection, request, signal));

/** The header that gives a ticket back; none without one. */
export const ticketBack = (ticket: string | undefined): Record<string, string> =>
  ticket === undefined ? {} : { [ticketHeader]: ticket };

/** Calls and reads the answer as JSON; `undefined` for an empty one. @throws as {@link call} */
export const callJson = (connection: Connection, request: Call): Promise<unknown> =>
  within(request.timeoutMs, connection.signal, async (signal) => {
    const response = await send(connection, request, signal);
    const text = await readText(response);
    const value = parseJson(text);
    if (value === undefined && text !== "") throw notTheService(response.status);
    return value;
  });

/** The whole body as text. @throws ConnectionError `connection-lost` */
export const readText = (response: Response): Promise<string> => response.text().catch(lost);

async function send(connection: Connection, request: Call, signal: AbortSignal): Promise<Response> {
  const { method = "GET", path, headers, body } = request;
  const { url, apiKey, fetch: send = (url, init) => fetch(url, init) } = connection;
  const response = await send(`${String(url).replace(/\/+$/, "")}${path}`, {
    method,
    headers: { ...headers, ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }) },
    ...(body === undefined ? {} : { body }),
    signal,
  }).catch(lost);
  if (response.ok) return response;
  const problem = parseJson(await readText(response));
  const retryAfter = secondsOf(response.headers.get("retry-after"));
  if (isProblem(problem)) throw new ProblemError(problem, retryAfter, response.headers.get(ticketHeader) ?? undefined);
  throw notTheService(response.status, retryAfter);
}

const lost = (cause: unknown): never => {
  throw new ConnectionError(
    "connection-lost",
    "The service cannot be reached, or the connection broke. Check the address and the network.",
    { cause },
  );
};

/** Seconds of a `Retry-After`, which says a number or a date. */
function secondsOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}
