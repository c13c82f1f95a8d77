/**
 * @module
 * Opens the browser's file dialog.
 */
import { useRef } from "preact/hooks";
import type { Session } from "../state/session.ts";

/** What the dialog offers; DICOM files often have no extension, so no file is hidden. */
const ACCEPT = "image/png,image/jpeg,.png,.jpg,.jpeg,.pgm,.dcm,application/dicom,*/*";

type FileButtonProps = { session: Session; label: string; kind: "primary" | "secondary"; disabled?: boolean };

export function FileButton({ session, label, kind, disabled = false }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class={kind} disabled={disabled} onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        hidden
        type="file"
        multiple
        accept={ACCEPT}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])];
          // The same file may be chosen again.
          currentTarget.value = "";
          void session.addFiles(files);
        }}
      />
    </>
  );
}
