/**
 * @module
 * A sound form to its events: tiles to the canvas, both networks, and what they answer, each stage told to the ledger.
 */

import type { SegmentationEvent, SegmentationRequest } from "../../contract/index.ts";
import type { Manifest } from "../../contract/manifest.ts";
import type { GlobalNetwork } from "../../glam/contracts.ts";
import { unlikeTraining } from "../../glam/looks/unlike-training.ts";
import { segment } from "../../glam/pipeline.ts";
import { localMapSide } from "../../glam/spec.ts";
import type { BufferShare } from "../admission/memory-ledger.ts";
import { accountRequest, planNetworks, planRequest, type RequestAccount } from "../admission/request-memory.ts";
import { chooseBands } from "../fanout/choose-bands.ts";
import { createDispatch, cropsUnderWay } from "../fanout/dispatch.ts";
import { orAborted } from "../fanout/or-aborted.ts";
import { manifestHash } from "../models/manifest-hash.ts";
import { answerContext, regionAnswer, scoresAnswer, segmentationAnswer } from "./answer.ts";
import { type Deadline, untilPassed } from "./deadline.ts";
import type { SegmentationForm } from "./form.ts";
import { classMapsAnswer } from "./probability-map.ts";
import { describeError } from "./problem-document.ts";
import { largestTile, readImage } from "./read-image.ts";
import type { Services } from "./services.ts";

/** Keeps the invocation alive until the work is over, even if its client has gone. */
export type KeepAlive = (work: Promise<unknown>) => void;

/** Events of a sound request; errors are thrown. */
export type SoundEvent = Exclude<SegmentationEvent, { event: "problem" }>;

/** Everything that computing needs. */
export type Work = {
  form: SegmentationForm;
  request: SegmentationRequest;
  manifest: Manifest;
  services: Services;
  deadline: Deadline;
  keepAlive: KeepAlive;
  share: BufferShare;
};

/**
 * Decodes and segments. Called with a place in the gate.
 * @throws GlamError what tiles can be refused for, `out-of-memory`, `busy`, `deadline-exceeded` before the global result
 */
export async function* computeEvents(work: Work): AsyncGenerator<SoundEvent, void, void> {
  const { form, request, manifest, services, deadline, keepAlive } = work;
  const { spec } = manifest;
  const regions = request.regions ?? spec.regions;
  const account = accountOf(work, regions);
  await services.receiving.whenRoom(() => account.decoding(8), deadline.signal);
  const { canvas, tiles, ...read } = readImage(form, request, spec, deadline.signal, account.decoding);
  const warnings = [...read.warnings, ...unlikeTraining(canvas, manifest.looks)];
  account.decoded();
  const model = { name: manifest.name, version: manifest.version, sha256: await manifestHash(manifest) };
  const context = answerContext(manifest, { model, request, canvas, tiles, warnings });
  yield { event: "accepted", data: { id: context.id, model, tiles, regions, warnings } };

  const segmentCrop = createDispatch({
    transport: services.transport,
    model,
    mapSide: localMapSide(spec),
    bands: chooseBands({
      spec,
      runtime: services.chooseFile(manifest, "local").runtime,
      transport: services.transport,
      crops: regions,
      most: services.settings.CROP_BANDS,
    }),
    cropDeadlineMs: services.settings.CROP_DEADLINE_MS,
    deadline: deadline.signal,
    started: keepAlive,
  });
  const loading = services.registry.globalNetwork(manifest.name);
  keepAlive(loading);
  const network = await orAborted(loading, deadline.signal);
  const stage = untilPassed(deadline);
  const globalNetwork: GlobalNetwork = {
    arithmetic: network.arithmetic,
    run(image) {
      account.running();
      const run = network.run(image);
      keepAlive(run);
      return orAborted(run, stage.signal);
    },
  };
  const canvasDone = () => {
    // Returned at once rather than when the collector finds it.
    if (canvas.pixels.buffer instanceof ArrayBuffer) canvas.pixels.buffer.transfer(0);
    account.cut();
  };
  const options = { spec, globalNetwork, segmentCrop, regions, signal: stage.signal, canvasDone };
  for await (const event of segment(canvas, options)) {
    if (event.type === "global") {
      stage.passed();
      const chosen = event.regions.map(({ rank, box }) => ({ rank, box }));
      const saliency = classMapsAnswer(event.saliency);
      const scores = scoresAnswer(event, manifest.scoreCalibration);
      yield { event: "global", data: { ...scores, regions: chosen, saliency } };
    } else if (event.type === "region") {
      const { outcome } = event;
      if (outcome.status === "failed") describeError(outcome.problem, services.log);
      const region = regionAnswer(outcome);
      const map =
        outcome.status === "complete"
          ? { map: classMapsAnswer({ height: outcome.side, width: outcome.side, data: outcome.data }) }
          : {};
      yield { event: "region", data: { region, ...map } };
    } else {
      account.answering();
      yield { event: "result", data: segmentationAnswer(event, context) };
    }
  }
}

/** Counts what the request holds from stage to stage. */
function accountOf({ form, request, manifest, services, share }: Work, regions: number): RequestAccount {
  const { spec } = manifest;
  const global = services.chooseFile(manifest, "global");
  const local = services.transport.name === "inline" ? { local: services.chooseFile(manifest, "local") } : {};
  const uploadBytes = form.tiles.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  const tile = largestTile(form, request, spec);
  const underWay = cropsUnderWay(services.transport);
  const known = { spec, regions, tile, uploadBytes, underWay, runtime: global.runtime };
  const plan = (bits: 8 | 16) => planRequest({ ...known, bits });
  return accountRequest(share, plan, planNetworks(spec, { global, ...local }));
}
