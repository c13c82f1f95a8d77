/**
 * @module
 * One segmentation, from prepared pixels to the answer, with everything that becomes known on the way.
 */
import type { Manifest } from "../../src/contract/manifest.ts";
import type { Ask } from "../worker/connection.ts";
import type { RunEvent } from "../worker/protocol.ts";
import type { RegionState, Slot } from "./exam.ts";

export type RunOptions = {
  ask: Ask;
  manifest: Manifest;
  apiKey: string;
  slot: Slot;
  change(part: Partial<Slot> | ((slot: Slot) => Partial<Slot>)): void;
  announce(text: string): void;
};

/** @throws CallFailed */
export async function runSlot({ ask, manifest, apiKey, slot, change, announce }: RunOptions): Promise<void> {
  const { id, view } = slot;
  if (view === undefined) return;
  change({
    stage: "running",
    failure: undefined,
    regions: [],
    maps: undefined,
    answer: undefined,
    scores: undefined,
    calibratedScores: undefined,
    progress: { phase: "encoding", sent: 0, total: 0 },
  });
  announce(`Sending ${view}.`);
  const { answer, maps } = await ask(
    "segment",
    { slot: id, spec: manifest.spec, view, model: manifest.name, ...(apiKey === "" ? {} : { apiKey }) },
    {
      tell: (event) => {
        change((current) => progressed(current, event));
        if (event.kind === "stream" && event.event.event === "global") {
          announce(`${view}: whole image seen. ${event.event.data.regions.length} regions follow.`);
        }
      },
    },
  );
  change((current) => ({
    stage: "done",
    answer,
    scores: answer.scores,
    calibratedScores: answer.calibratedScores,
    maps: maps ?? current.maps,
    progress: undefined,
  }));
  const failed = answer.failedRegions.length;
  announce(
    `${view} is done. Malignant score ${answer.scores.malignant.toFixed(2)}, benign score ${answer.scores.benign.toFixed(2)}, uncalibrated.` +
      (failed > 0 ? ` ${failed} regions could not be looked at.` : ""),
  );
}

/** The changes of an image by one event. */
function progressed(slot: Slot, event: RunEvent): Partial<Slot> {
  const now = slot.progress ?? { phase: "encoding", sent: 0, total: 0 };
  switch (event.kind) {
    case "retry":
      return { progress: { ...now, phase: "retrying" } };
    case "upload": {
      const { sent, total } = event;
      return { progress: { phase: sent < total ? "upload" : "waiting", sent, total } };
    }
    case "stream":
      return { ...streamed(slot, event.event), ...(event.maps ? { maps: event.maps } : {}) };
  }
}

function streamed(slot: Slot, event: Extract<RunEvent, { kind: "stream" }>["event"]): Partial<Slot> {
  const now = slot.progress ?? { phase: "waiting", sent: 0, total: 0 };
  switch (event.event) {
    case "accepted":
      return { progress: { ...now, phase: "global" } };
    case "global": {
      const { scores, calibratedScores } = event.data;
      return {
        scores: { benign: scores.benign, malignant: scores.malignant },
        calibratedScores,
        regions: event.data.regions.map((region) => ({ ...region, status: "waiting" })),
        progress: { ...now, phase: "regions" },
      };
    }
    case "region": {
      const { region } = event.data;
      const { rank, box } = region;
      const known: RegionState =
        region.status === "complete"
          ? { rank, box, status: "complete" }
          : { rank, box, status: "failed", failure: { code: region.problem.code, detail: region.problem.detail } };
      return { regions: slot.regions.map((other) => (other.rank === region.rank ? known : other)) };
    }
  }
}
