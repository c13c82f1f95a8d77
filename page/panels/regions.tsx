/**
 * @module
 * Regions of the active image, with the largest values of the fused map in each.
 */
import type { Exam, RegionState, Slot } from "../state/exam.ts";
import { regionMaxima } from "../state/region-maxima.ts";
import type { Session } from "../state/session.ts";
import { describeFailure } from "../words/failures.ts";

export function Regions({ session, exam, slot }: { session: Session; exam: Exam; slot: Slot }) {
  const selected = exam.focus?.slot === slot.id ? exam.focus.rank : undefined;
  return (
    <>
      <h3>Regions that were looked at closely</h3>
      <ol class="regions">
        {slot.regions.map((region) => (
          <li key={region.rank}>
            <button
              type="button"
              aria-pressed={selected === region.rank}
              onClick={() => session.showRegion(slot.id, region.rank)}
            >
              <span class={`rank ${region.status}`}>
                <span class="visually-hidden">Region </span>
                {region.rank + 1}
              </span>
              <RegionValues region={region} maps={slot.maps} />
              <span class="muted go">zoom</span>
            </button>
          </li>
        ))}
      </ol>
      <p class="muted small">
        The largest values in each region of the map that the outlines are drawn from. Every image has such regions, a
        normal one too.
      </p>
    </>
  );
}

function RegionValues({ region, maps }: { region: RegionState; maps: Slot["maps"] }) {
  if (region.status === "waiting") return <span class="muted">being looked at…</span>;
  if (region.status === "failed") return <span class="muted">{describeFailure(region.failure).title}</span>;
  if (!maps) return null;
  const { malignant, benign } = regionMaxima(maps, region.box);
  return (
    <span class="maxima">
      <span>
        malignant <b>{malignant.toFixed(2)}</b>
      </span>
      <span>
        benign <b>{benign.toFixed(2)}</b>
      </span>
    </span>
  );
}
