/**
 * @module
 * Name, model and disclaimer, always in sight.
 */
import type { Exam } from "../state/exam.ts";

export function Header({ exam }: { exam: Exam }) {
  const { service } = exam;
  return (
    <header class="top">
      <h1>
        <Mark /> glam-edge
      </h1>
      {service.state === "ready" ? (
        <details class="model">
          <summary>
            <span class="muted">Model</span> {service.manifest.name} {service.manifest.version}
          </summary>
          <dl>
            <dt>Trained on</dt>
            <dd>{service.manifest.provenance.trainedOn}</dd>
            <dt>Intended use</dt>
            <dd>{service.manifest.provenance.intendedUse}</dd>
            <dt>Licence</dt>
            <dd>{service.manifest.provenance.licence}</dd>
            <dt>Sees</dt>
            <dd>
              {service.manifest.spec.canvas.width} × {service.manifest.spec.canvas.height} pixels of{" "}
              {service.manifest.spec.pixelSpacing} mm, then {service.manifest.spec.regions} regions closely
            </dd>
            <dt>Networks</dt>
            <dd>{service.manifest.quantisation.kind === "none" ? "32-bit" : service.manifest.quantisation.kind}</dd>
          </dl>
        </details>
      ) : (
        <p class="muted">{service.state === "connecting" ? "Connecting…" : ""}</p>
      )}
    </header>
  );
}

const Mark = () => (
  <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true">
    <path d="M6 3c13 1.300 20 6.400 20 13S19 27.700 6 29z" fill="#aeb7c2" />
    <circle cx="15" cy="16" r="5" fill="none" stroke="#ff9233" stroke-width="2.800" />
  </svg>
);
