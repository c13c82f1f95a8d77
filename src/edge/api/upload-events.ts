/**
 * @module
 * `POST /v1/uploads/{id}/segmentation`: an upload's tiles to the same events as a form with these tiles.
 */

import { tileName } from "../../contract/grid.ts";
import type { Segmentation } from "../../contract/index.ts";
import { GlamError } from "../../glam/problem.ts";
import type { BufferShare } from "../admission/memory-ledger.ts";
import { orAborted } from "../fanout/or-aborted.ts";
import type { TakenUpload } from "../uploads/protocol.ts";
import type { UploadSessions } from "../uploads/upload-sessions.ts";
import type { SoundEvent } from "./compute.ts";
import type { FormTile, SegmentationForm } from "./form.ts";
import { describeError } from "./problem-document.ts";
import { type SegmentationSource, segmentationEvents } from "./segmentation.ts";

/** Tiles come in messages of about this size: few calls, and far below the limit of one (32 MiB). */
const MESSAGE_BYTES = 4 * 1024 * 1024;

/**
 * A run that does not renew its claim within this time loses the upload. Longer than a running network blocks timers.
 */
const LEASE_MS = 30_000;
const RENEWED_MS = 10_000;

/**
 * Segments an upload. It is deleted with the result and with a refusal that these tiles would get again, and kept when
 * another try may succeed: the server was busy or slow, some regions failed here, or the caller went away before the result.
 * @param exam name of the object of the upload's exam, which deletes the upload by itself when it has the answer
 * @throws GlamError `upload-not-found`, `upload-in-use`, `upload-of-exam`, `no-tiles`, and what `segmentationEvents` throws
 */
export async function* uploadEvents(
  id: string,
  sessions: UploadSessions,
  source: Omit<SegmentationSource, "receive">,
  exam?: string,
): AsyncGenerator<SoundEvent, void, void> {
  const { services, deadline, keepAlive } = source;
  const taken = await sessions.take(id, LEASE_MS, exam);
  // A lost renewal is followed by the next one.
  const renew = () => keepAlive(sessions.renew(id, taken.token, LEASE_MS).catch(() => {}));
  const beat = setInterval(renew, RENEWED_MS);
  let used = false;
  try {
    const receive = (share: BufferShare) => collect(id, taken, sessions, share, deadline.signal);
    for await (const event of segmentationEvents({ ...source, receive })) {
      used = event.event === "result" && !deadline.caller.aborted && isWhole(event.data);
      yield event;
    }
  } catch (error) {
    used = isFinal(error);
    throw error;
  } finally {
    clearInterval(beat);
    const { token } = taken;
    const settled = used && exam === undefined ? sessions.remove(id, { token }) : sessions.giveBack(id, token);
    // The answer does not depend on this: the upload expires by itself.
    await settled.catch((error: unknown) => void describeError(error, services.log));
  }
}

/** The upload as a form, counted before it is received. */
async function collect(
  id: string,
  { token, request, bytes }: TakenUpload,
  sessions: UploadSessions,
  share: BufferShare,
  signal: AbortSignal,
): Promise<SegmentationForm> {
  share.hold("upload", bytes);
  const tiles: FormTile[] = [];
  for (;;) {
    const batch = await orAborted(sessions.tiles(id, token, tiles.length, MESSAGE_BYTES), signal);
    if (batch.length === 0) break;
    tiles.push(...batch.map((tile) => ({ name: tileName(tile.row, tile.col), ...tile })));
  }
  if (tiles.length === 0) throw new GlamError("no-tiles", "The upload has no tile; send at least one.");
  return { request, tiles, single: false };
}

/** Whether another run would give the same: no region failed on the server's side. */
export const isWhole = ({ regions }: Segmentation): boolean =>
  !regions.some((region) => region.status === "failed" && region.problem.status >= 500);

/** Problems of the moment or of the caller's connection; all others below 500 are the tiles' or the request's own. */
const passing: readonly string[] = ["too-many-requests", "aborted"];

/** Whether the same tiles would always end like this. */
export const isFinal = (error: unknown): boolean =>
  error instanceof GlamError && error.status < 500 && !passing.includes(error.code);
