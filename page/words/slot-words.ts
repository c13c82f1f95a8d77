/**
 * @module
 * An image and its results in one sentence, for screen readers.
 */
import type { Exam, Slot } from "../state/exam.ts";
import { describeFailure } from "./failures.ts";

/** What an image is called: by its file, or without, where names are hidden. */
export function slotName({ slots, display }: Pick<Exam, "slots" | "display">, slot: Slot): string {
  if (display.names || slot.sample !== undefined) return slot.name;
  return `Image ${slots.indexOf(slot) + 1}${slot.view ? `, ${slot.view}` : ""}`;
}

/** A name that distinguishes images with the same view, or none. */
export function shortName({ slots }: Pick<Exam, "slots">, slot: Slot): string {
  const alone = slots.filter(({ view }) => view === slot.view).length === 1;
  if (slot.view !== undefined && alone) return slot.view;
  return `${slot.view ?? "Image"} ${slots.indexOf(slot) + 1}`;
}

/** The state of an image in words. @param name of {@link shortName} */
export function describeSlot(slot: Slot, name: string): string {
  switch (slot.stage) {
    case "reading":
      return `${name}: the file is being read`;
    case "view-needed":
      return `${name}: choose its view`;
    case "preparing":
      return `${name}: being prepared`;
    case "ready":
      return `${name}: prepared, not yet segmented`;
    case "running":
      return `${name}: being segmented`;
    case "failed":
      return `${name}: ${slot.failure ? describeFailure(slot.failure).title : "failed"}`;
    case "done":
      return `${name}: ${results(slot)}`;
  }
}

/** The viewer's text before there is an image. */
export function standingWords({ stage, failure }: Slot): { title: string; advice?: string } {
  if (stage === "failed" && failure) return describeFailure(failure);
  if (stage === "view-needed") return { title: "Which view is it?", advice: "Choose it in the list of images." };
  return { title: stage === "reading" ? "Reading the image…" : "Preparing the image…" };
}

function results({ scores, regions }: Slot): string {
  if (!scores) return "segmented";
  return `malignant score ${scores.malignant.toFixed(2)}, benign score ${scores.benign.toFixed(2)}, ${regions.length} regions`;
}

/** The text of the progress line. */
export function describeProgress({ progress, regions }: Slot): { text: string; share?: number } {
  const mib = (bytes: number) => (bytes < 1e6 ? `${Math.ceil(bytes / 1024)} kB` : `${(bytes / 2 ** 20).toFixed(1)} MB`);
  if (!progress) return { text: "" };
  const { phase, sent, total } = progress;
  switch (phase) {
    case "encoding":
      return { text: "Encoding tiles" };
    case "upload":
      return total > 0
        ? { text: `Sending ${mib(sent)} of ${mib(total)}`, share: (0.25 * sent) / total }
        : { text: "Sending tiles", share: 0 };
    case "waiting":
      return { text: "Waiting for the service", share: 0.25 };
    case "retrying":
      return { text: "No connection, or the service is busy. It is tried again by itself", share: 0.25 };
    case "global":
      return { text: "Looking at the whole image", share: 0.35 };
    case "computing":
      return { text: "The service computes it" };
    case "computed":
      return { text: "Computed. The other views follow", share: 1 };
    case "regions": {
      const done = regions.filter(({ status }) => status !== "waiting").length;
      return {
        text: `Region ${Math.min(done + 1, regions.length)} of ${regions.length}`,
        share: 0.5 + (0.5 * done) / Math.max(1, regions.length),
      };
    }
  }
}
