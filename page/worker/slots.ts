/**
 * @module
 * The images that the worker holds, and the work on each.
 */
import type { Segmentation } from "../../src/device/client/index.ts";
import { segmentCanvas } from "../../src/device/client/segment-canvas.ts";
import { type Preprocessed, preprocess } from "../../src/device/preprocess/index.ts";
import { GlamError } from "../../src/glam/problem.ts";
import { generateExamView, generatePhantom } from "../../src/phantom/index.ts";
import { runExamJob } from "./exam-job.ts";
import { fetchWithProgress } from "./fetch-with-progress.ts";
import { lesionsOfPhantom, onCanvas } from "./known-lesions.ts";
import { createLiveMaps, readMaps } from "./live-maps.ts";
import { makePreview } from "./preview.ts";
import type { Calls, EventOf, SampleFacts, SourceInfo } from "./protocol.ts";
import { type ReadImage, readImage } from "./read-image.ts";

type Slot = {
  read: ReadImage;
  sample?: SampleFacts;
  prepared?: Preprocessed;
  answer?: Segmentation;
  running?: AbortController;
};

const slots = new Map<number, Slot>();

function slotOf(slot: number): Slot {
  const found = slots.get(slot);
  if (!found) throw new GlamError("aborted", "The image was removed.");
  return found;
}

const describe = ({ image, format, view, kind, pixelSpacing, window, identity, notes }: ReadImage): SourceInfo => ({
  height: image.height,
  width: image.width,
  // A copy for the page; the worker keeps its own to prepare it again.
  pixels: image.pixels.slice(),
  bits: image.bits,
  format,
  kind,
  view,
  pixelSpacing,
  window,
  identity,
  notes,
  preview: makePreview(image),
});

/** What each call does. */
export const work: {
  [K in keyof Calls]: (argument: Calls[K][0], tell: (event: EventOf<K>) => void) => Promise<Calls[K][1]>;
} = {
  async read({ slot, bytes, sample }) {
    const read = await readImage(new Uint8Array(bytes));
    slots.set(slot, { read, ...(sample ? { sample } : {}) });
    return { ...describe(read), ...(sample ? { kind: sample.kind } : {}) };
  },

  async sample({ slot, options: { exam, ...options }, canvas }) {
    const phantom = (exam ? generateExamView : generatePhantom)({ ...options, ...canvas, bits: 12 });
    const { height, width, bits, pixels, view, pixelSpacing } = phantom;
    const read: ReadImage = {
      image: { height, width, bits, pixels },
      format: "phantom",
      view,
      pixelSpacing,
      notes: [],
    };
    slots.set(slot, { read, sample: { known: lesionsOfPhantom(phantom), background: "auto", kind: "phantom" } });
    return { ...describe(read), kind: "phantom" };
  },

  async prepare({ slot, spec, view, pixelSpacing }) {
    const held = slotOf(slot);
    delete held.prepared;
    delete held.answer;
    const background = held.sample?.background ?? "auto";
    const options = { view, background, ...(pixelSpacing === undefined ? {} : { pixelSpacing }) };
    const prepared = prepareWithHeader(
      held.read,
      () => preprocess(held.read.image, spec, options),
      (chestWall) => preprocess(held.read.image, spec, { ...options, chestWall }),
    );
    held.prepared = prepared;
    const { canvas, bits, mirrored, scale, steps, warnings } = prepared;
    return {
      // The copy goes to the page; tiles are cut from the other.
      canvas: { ...canvas, pixels: canvas.pixels.slice() },
      bits,
      mirrored,
      scale,
      pixelSpacing: prepared.pixelSpacing,
      crop: steps.crop,
      corner: cornerOf(prepared),
      known: held.sample && onCanvas(held.sample.known, prepared),
      filmBackground: steps.background === "film",
      warnings,
      preview: makePreview(canvas),
    };
  },

  async segment({ slot, spec, view, model, apiKey }, tell) {
    const held = slotOf(slot);
    if (!held.prepared) throw new GlamError("aborted", "The image is not prepared.");
    const running = new AbortController();
    held.running = running;
    const growing = createLiveMaps(spec);
    const upload = (sent: number, total: number) => tell({ kind: "upload", sent, total });
    const run = segmentCanvas(
      held.prepared,
      { view, model },
      {
        url: "",
        apiKey,
        signal: running.signal,
        fetch: fetchWithProgress(upload),
      },
    );
    try {
      for await (const event of run) {
        if (event.event === "retry") tell({ kind: "retry" });
        // One form is counted byte by byte where it is sent; tiles that go one by one are counted here.
        else if (event.event !== "uploading") tell({ kind: "stream", event, maps: growing(event) });
        else if (event.data.upload === "resumable") upload(event.data.done, event.data.total);
      }
      const answer = await run;
      held.answer = answer;
      return { answer, maps: answer.saliency && readMaps(answer.saliency) };
    } finally {
      delete held.running;
    }
  },

  async exam({ images, model, apiKey }, tell) {
    const running = new AbortController();
    const held = images.map(({ slot }) => slotOf(slot));
    const jobs = held.map(({ read: { image }, prepared }, i) => {
      if (!prepared) throw new GlamError("aborted", "The image is not prepared.");
      return { ...images[i], image, prepared };
    });
    for (const one of held) one.running = running;
    try {
      await runExamJob(jobs, { url: "", apiKey, model, signal: running.signal }, (told) => {
        const { event } = told;
        if (event.kind === "answer") slotOf(told.slot).answer = event.answer;
        tell(told);
      });
    } finally {
      for (const one of held) delete one.running;
    }
    return undefined;
  },

  async dicomSegmentation({ slot, threshold }) {
    const { read, prepared, answer } = slotOf(slot);
    if (!read.source || !prepared || !answer) throw new GlamError("aborted", "There is no answer to a DICOM image.");
    const { writeSegmentation } = await import("../../src/device/dicom/segmentation/write-segmentation.ts");
    return writeSegmentation({ source: read.source, answer, preprocessed: prepared, threshold });
  },

  async cancel({ slot }) {
    slots.get(slot)?.running?.abort(new GlamError("aborted", "You cancelled it."));
    return undefined;
  },

  async release({ slot }) {
    slots.get(slot)?.running?.abort(new GlamError("aborted", "The image was removed."));
    slots.delete(slot);
    return undefined;
  },
};

/** See `PreparedInfo.corner`. */
function cornerOf({ canvas, mirrored, scale, toSource }: Preprocessed): { left: number; top: number } {
  const { row, col } = toSource(-0.5, -0.5);
  const edge = (col + 0.5) * scale;
  return { left: mirrored ? edge - canvas.width : edge, top: (row + 0.5) * scale };
}

/** The chest wall is found in the pixels; where they are ambiguous, the header decides. */
function prepareWithHeader(
  { chestWall }: ReadImage,
  first: () => Preprocessed,
  second: (chestWall: NonNullable<ReadImage["chestWall"]>) => Preprocessed,
): Preprocessed {
  try {
    return first();
  } catch (error) {
    if (chestWall === undefined || !(error instanceof GlamError && error.code === "orientation-unclear")) throw error;
    return second(chestWall);
  }
}
