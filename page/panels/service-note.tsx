/**
 * @module
 * Notes on the service: an API key is needed, or the connection failed.
 */
import { useState } from "preact/hooks";
import type { Exam } from "../state/exam.ts";
import type { Session } from "../state/session.ts";
import { FailureNote } from "./failure-note.tsx";

export function ServiceNote({ session, exam }: { session: Session; exam: Exam }) {
  const { service } = exam;
  if (service.state === "key-needed") return <KeyForm session={session} refused={service.refused} />;
  if (service.state === "failed") {
    return (
      <div class="service-note">
        <FailureNote failure={service.failure}>
          <button type="button" class="secondary" onClick={() => void session.connect()}>
            Try again
          </button>
        </FailureNote>
      </div>
    );
  }
  return null;
}

function KeyForm({ session, refused }: { session: Session; refused: boolean }) {
  const [key, setKey] = useState("");
  return (
    <form
      class="service-note note"
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim() !== "") void session.setKey(key.trim());
      }}
    >
      <p role={refused ? "alert" : undefined}>
        <strong>{refused ? "This key is not accepted." : "This service wants an API key."}</strong> It is sent with each
        request and forgotten when you close the page.
      </p>
      <div class="row">
        <label>
          <span>API key</span>
          <input
            type="password"
            autocomplete="off"
            spellcheck={false}
            value={key}
            aria-invalid={refused}
            onInput={({ currentTarget: { value } }) => setKey(value)}
          />
        </label>
        <button type="submit" class="primary">
          Use key
        </button>
      </div>
    </form>
  );
}
