/**
 * @module
 * One segmentation, from prepared pixels to the answer, with everything that becomes known on the way.
 */
import type { Manifest } from "../../src/contract/manifest.ts";
import type { RegionAnswer, Segmentation } from "../../src/device/client/index.ts";
import type { Ask } from "../worker/connection.ts";
import type { LiveMaps, RunEvent } from "../worker/protocol.ts";
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
  change(started);
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
  change((current) => answered(answer, maps ?? current.maps));
  announce(answerInWords(answer));
}

/** The changes of an image whose segmentation begins. */
export const started: Partial<Slot> = {
  stage: "running",
  failure: undefined,
  regions: [],
  maps: undefined,
  answer: undefined,
  scores: undefined,
  calibratedScores: undefined,
  progress: { phase: "encoding", sent: 0, total: 0 },
};

/** The changes of an image by its answer. */
export const answered = (answer: Segmentation, maps: LiveMaps | undefined): Partial<Slot> => ({
  stage: "done",
  answer,
  scores: answer.scores,
  calibratedScores: answer.calibratedScores,
  regions: answer.regions.map(regionState),
  maps,
  progress: undefined,
});

/** An answer for screen readers. */
export function answerInWords({ view, scores, failedRegions: { length: failed } }: Segmentation): string {
  return (
    `${view} is done. Malignant score ${scores.malignant.toFixed(2)}, benign score ${scores.benign.toFixed(2)}, uncalibrated.` +
    (failed > 0 ? ` ${failed} regions could not be looked at.` : "")
  );
}

/** The changes of an image by one event. */
export function progressed(slot: Slot, event: RunEvent): Partial<Slot> {
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
      return { regions: slot.regions.map((other) => (other.rank === region.rank ? regionState(region) : other)) };
    }
  }
}

function regionState(region: RegionAnswer): RegionState {
  const { rank, box, status } = region;
  if (status === "complete") return { rank, box, status };
  return { rank, box, status, failure: { code: region.problem.code, detail: region.problem.detail } };
}
