/**
 * @module
 * A failure in words, with its code in small print.
 */
import { describeFailure } from "../words/failures.ts";
import type { Failure } from "../worker/protocol.ts";

export function FailureNote({ failure, children }: { failure: Failure; children?: preact.ComponentChildren }) {
  const { title, advice } = describeFailure(failure);
  return (
    <div class="note failure" role="alert">
      <p>
        <strong>{title}.</strong> {advice}
      </p>
      {children}
      <details class="small">
        <summary>Details</summary>
        <p>{failure.detail}</p>
        <p>
          Code <code>{failure.code}</code>
          {failure.incident && (
            <>
              , incident <code>{failure.incident}</code>
            </>
          )}
        </p>
      </details>
    </div>
  );
}
