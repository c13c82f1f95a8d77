/**
 * @module
 * The page's layout, and files that are dropped anywhere.
 */
import { useEffect, useState } from "preact/hooks";
import { DisplayPanel } from "../panels/display-panel.tsx";
import { DownloadsPanel } from "../panels/downloads-panel.tsx";
import { ImagesPanel } from "../panels/images-panel.tsx";
import { MismatchNote } from "../panels/mismatch-note.tsx";
import { ResultsPanel } from "../panels/results-panel.tsx";
import { RunBar } from "../panels/run-bar.tsx";
import { ServiceNote } from "../panels/service-note.tsx";
import { StartScreen } from "../panels/start-screen.tsx";
import { Report } from "../report/report.tsx";
import type { Exam } from "../state/exam.ts";
import type { Session } from "../state/session.ts";
import { useStore } from "../state/store.ts";
import { hangingOrder } from "../viewer/hanging.ts";
import { KeyHelp, Viewport } from "../viewer/viewport.tsx";
import { Header } from "./header.tsx";

export function App({ session }: { session: Session }) {
  const exam = useStore(session.store);
  const dropping = useFileDrop(session);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the images
      </a>
      <Header exam={exam} />
      <main id="main" tabIndex={-1} class={exam.slots.length === 0 ? "empty" : "exam"}>
        <ServiceNote session={session} exam={exam} />
        <MismatchNote session={session} exam={exam} />
        {exam.slots.length === 0 ? (
          <StartScreen session={session} exam={exam} />
        ) : (
          <>
            <Viewer session={session} exam={exam} />
            <RunBar session={session} exam={exam} />
            {/* In one column too, an image's view and warnings come before its results. */}
            <ImagesPanel session={session} exam={exam} />
            <div class="findings">
              <ResultsPanel session={session} exam={exam} />
              <DisplayPanel session={session} exam={exam} />
              <DownloadsPanel session={session} exam={exam} />
            </div>
          </>
        )}
      </main>
      <Report exam={exam} />
      <footer class="disclaimer">
        <strong>Research use only. Not a medical device.</strong>
        <span> Do not use it for diagnosis or treatment.</span>
      </footer>
      <p class="visually-hidden" role="status" aria-live="polite">
        {exam.announcement}
      </p>
      {dropping && (
        <div class="drop-target" aria-hidden="true">
          Drop up to four images
        </div>
      )}
    </>
  );
}

function Viewer({ session, exam }: { session: Session; exam: Exam }) {
  const shown = exam.single ? exam.slots.filter(({ id }) => id === exam.active) : hangingOrder(exam.slots);
  return (
    <section class={`viewer of-${shown.length}`} aria-label="Viewer">
      {shown.map((slot) => (
        <Viewport key={slot.id} session={session} exam={exam} slot={slot} alone={shown.length === 1} />
      ))}
      <KeyHelp />
    </section>
  );
}

/** Takes files that are dropped anywhere. @returns whether files are held over the page */
function useFileDrop(session: Session): boolean {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const holdsFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const drag = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      setOver(false);
      void session.addFiles([...(event.dataTransfer?.files ?? [])]);
    };
    addEventListener("dragover", drag);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", drag);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
    };
  }, [session]);
  return over;
}
