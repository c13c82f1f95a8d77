/**
 * @module
 * The errors of a client's call. Each has a `code`: of the closed list of problems, from the service or from preprocessing
 * here, or one of two for the connection.
 */
import type { Problem } from "../../contract/problem.ts";
import { GlamError, type ProblemCode, problems } from "../../glam/problem.ts";

/** The service answered with a problem document. `code` is its stable code, `problem` the whole document. */
export class ProblemError extends GlamError {
  override readonly name: string = "ProblemError";
  readonly problem: Problem;
  /** Keeps the caller's place in the queue after a refusal. */
  readonly ticket: string | undefined;
  /** Whether the service had begun to compute; asking again computes again. */
  accepted = false;

  /** @param retryAfter seconds, of the header `Retry-After` */
  constructor(problem: Problem, retryAfter?: number, ticket?: string) {
    super(knownCode(problem), problem.detail, {
      ...(problem.at === undefined ? {} : { at: problem.at }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
    this.problem = problem;
    this.ticket = ticket;
  }
}

/** The caller ended a run: by leaving its loop, or by a signal that gives no reason of its own. */
export class AbortError extends GlamError {
  override readonly name = "AbortError";

  constructor(message: string) {
    super("aborted", message);
  }
}

/** `connection-lost`: no answer, or only a part of one. `unexpected-answer`: something else than the service answered. */
export type ConnectionFailure = "connection-lost" | "unexpected-answer";

/** The service could not be asked, or what came back is not its answer. */
export class ConnectionError extends Error {
  override readonly name = "ConnectionError";
  readonly code: ConnectionFailure;
  /** HTTP status of an unexpected answer, e.g. 502 of a gateway in between. */
  readonly status: number | undefined;
  /** Seconds, of the header `Retry-After`. */
  readonly retryAfter: number | undefined;
  /** Whether the service had begun to compute; asking again computes again. */
  accepted = false;

  constructor(
    code: ConnectionFailure,
    message: string,
    options: { cause?: unknown; status?: number; retryAfter?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status;
    this.retryAfter = options.retryAfter;
  }
}

/** Whatever a run fails with, but for the reason of an AbortSignal. */
export type SegmentationError = GlamError | ConnectionError;

/** Every value of `code`. */
export type ErrorCode = ProblemCode | ConnectionFailure;

/** A newer service may send a code that this client does not know; its status then decides. */
function knownCode({ code, status }: { code: string; status: number }): ProblemCode {
  if (Object.hasOwn(problems, code)) return code as ProblemCode;
  return status >= 500 ? "internal-error" : "invalid-request";
}
