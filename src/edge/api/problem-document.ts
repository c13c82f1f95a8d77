/**
 * @module
 * Errors to RFC 9457 documents. Any other thrown value becomes `internal-error` with a random incident
 * identifier: neither the answer nor the log ever holds an exception's message, which could hold input.
 */

import type { Problem } from "../../contract/index.ts";
import { ticketHeader } from "../../contract/ticket.ts";
import { GlamError, problems } from "../../glam/problem.ts";
import { TurnedAway } from "../admission/turned-away.ts";

/** A GlamError with every field that is wrong. */
export class InvalidRequest extends GlamError {
  /** All wrong fields; paths are JSON pointers into the part `request`. */
  readonly errors: { path: string; message: string }[];

  constructor(errors: { path: string; message: string }[]) {
    const fields = errors.map(({ path }) => path || "/").join(", ");
    super("invalid-request", `The part \`request\` is not valid; see \`errors\`. Fields: ${fields}.`, {
      at: "request",
    });
    this.errors = errors;
  }
}

/** Takes one line of log. */
export type Log = (line: string) => void;

/** The document of a problem that was thrown on purpose. */
export function problemDocument(error: GlamError): Problem {
  const { status, title } = problems[error.code];
  return {
    type: `/problems/${error.code}`,
    code: error.code,
    title,
    status,
    detail: error.message,
    ...(error.at === undefined ? {} : { at: error.at }),
    ...(error instanceof InvalidRequest ? { errors: error.errors } : {}),
  };
}

/** What an answer says of a thrown value: the document, and headers for the next try. */
export type Description = { problem: Problem; retryAfter: number | undefined; ticket?: string | undefined };

/**
 * Any thrown value to its document. Problems of the server (5xx) are logged, with code, incident and the stack's source
 * positions only.
 */
export function describeError(error: unknown, log: Log): Description {
  const known = error instanceof GlamError ? error : undefined;
  if (known && known.status < 500) return { problem: problemDocument(known), retryAfter: known.retryAfter };
  const incident = crypto.randomUUID();
  const code = known?.code ?? "internal-error";
  const cause = known?.cause ?? error;
  log(JSON.stringify({ incident, code, error: errorName(cause), positions: stackPositions(cause) }));
  const problem = problemDocument(
    known ?? new GlamError("internal-error", "Something unexpected went wrong. Name the incident when you report it."),
  );
  const ticket = error instanceof TurnedAway ? error.ticket : undefined;
  return { problem: { ...problem, incident }, retryAfter: known?.retryAfter, ticket };
}

/** The class of an error. */
const errorName = (error: unknown): string => (error instanceof Error ? error.constructor.name : typeof error);

/** Where it was thrown: the stack without its head, which repeats the message. */
function stackPositions(error: unknown): string[] {
  if (!(error instanceof Error) || error.stack === undefined) return [];
  const head = `${error.name}: ${error.message}`;
  if (!error.stack.startsWith(head)) return [];
  return error.stack
    .slice(head.length)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .slice(0, 5);
}

/** A problem document as an HTTP answer. */
export function problemResponse({ problem, retryAfter, ticket }: Description): Response {
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" });
  if (retryAfter !== undefined) headers.set("retry-after", String(retryAfter));
  if (ticket !== undefined) headers.set(ticketHeader, ticket);
  if (problem.status === 401) headers.set("www-authenticate", 'Bearer realm="glam-edge"');
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}

/** Any thrown value as an HTTP answer. */
export const errorResponse = (error: unknown, log: Log): Response => problemResponse(describeError(error, log));
