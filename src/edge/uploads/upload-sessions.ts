/**
 * @module
 * Uploads as the Worker sees them: the Durable Objects behind two bindings, their refusals as problems.
 */
import { GlamError } from "../../glam/problem.ts";
import { secretOf, takePlace } from "./counted-places.ts";
import {
  counterName,
  type Opening,
  type Refusal,
  type TakenUpload,
  type UploadBindings,
  type UploadedTile,
  type UploadSessionStub,
  type UploadState,
} from "./protocol.ts";
import { reachable } from "./reachable.ts";
import { deriveSeal, type TileSeal } from "./tile-seal.ts";

/**
 * See {@link createUploadSessions}. `state`, `put`, `take`, `tiles` and `remove` throw GlamError `upload-not-found`, all
 * methods `busy` when the objects do not answer.
 */
export type UploadSessions = {
  /** @throws GlamError `too-many-uploads` */
  open(opening: Omit<Opening, "place" | "exam">, places: number): Promise<{ id: string; state: UploadState }>;
  /** Opens an exam's upload under the identifier that the exam has for it; again, it stays as it is. */
  openFor(id: string, opening: Omit<Opening, "place">): Promise<UploadState>;
  state(id: string): Promise<UploadState>;
  /** @throws GlamError `upload-in-use`, `upload-too-large` */
  put(id: string, tile: UploadedTile): Promise<UploadState>;
  /** @throws GlamError `upload-in-use`, `upload-of-exam` when the exam is another one or none */
  take(id: string, leaseMs: number, exam?: string): Promise<TakenUpload>;
  /** A run's sign of life: it keeps the upload for `leaseMs` from now on. */
  renew(id: string, token: string, leaseMs: number): Promise<void>;
  /** The tiles from number `first` on, by row, then by column; none at the end. */
  tiles(id: string, token: string, first: number, maxBytes: number): Promise<UploadedTile[]>;
  giveBack(id: string, token: string): Promise<void>;
  /** Deletes everything; with a token only if that run still has the upload. @throws GlamError as `take` */
  remove(id: string, by?: { token?: string; exam?: string }): Promise<void>;
};

const tooMany = {
  code: "too-many-uploads",
  detail: "As many uploads are open as may be. Try again later.",
} as const;

function problemOf(refusal: Refusal): GlamError {
  switch (refusal.refused) {
    case "upload-not-found":
      return new GlamError(
        "upload-not-found",
        "There is no such upload: it was used, deleted or left alone for too long, or never was. Start a new one.",
      );
    case "upload-in-use":
      return new GlamError("upload-in-use", "The upload is being segmented. Wait for that answer.", {
        retryAfter: Math.ceil(refusal.leftMs / 1000),
      });
    case "upload-of-exam":
      return new GlamError("upload-of-exam", "The upload belongs to an exam, which segments and deletes it by itself.");
    case "upload-too-large":
      return new GlamError("upload-too-large", "With this tile the upload has more bytes than its `limits` allow.");
  }
}

/**
 * The uploads of one owner, who alone finds them.
 * @param owner hash of an API key; empty in a deployment without keys
 */
export type UploadSessionsOf = (owner: string) => UploadSessions;

/**
 * Puts the service together.
 * @returns nothing when the deployment lacks a binding
 */
export function createUploadSessions({ UPLOADS, UPLOAD_COUNTER }: UploadBindings): UploadSessionsOf | undefined {
  if (!UPLOADS || !UPLOAD_COUNTER) return undefined;
  const object = ({ objectName }: TileSeal) => UPLOADS.getByName(objectName);
  const counter = () => UPLOAD_COUNTER.getByName(counterName);
  const secret = secretOf(UPLOAD_COUNTER);
  const ids = async () => (await secret()).ids;

  /** Asks an object; an identifier without a valid proof reaches none. */
  async function ask<T extends object>(
    id: string,
    seal: TileSeal | Promise<TileSeal>,
    work: (stub: UploadSessionStub) => Promise<T | Refusal>,
  ): Promise<T> {
    if (!(await (await ids()).isOurs(id))) throw problemOf({ refused: "upload-not-found" });
    const answer = await reachable(work(object(await seal)));
    if ("refused" in answer) throw problemOf(answer);
    return answer;
  }

  return (owner) => ({
    async open(opening, places) {
      const id = await (await ids()).make();
      const place = crypto.randomUUID();
      await takePlace(counter(), { place, endsAt: opening.endsAt, places }, tooMany);
      try {
        return { id, state: await reachable(object(await deriveSeal(id, owner)).create({ ...opening, place })) };
      } catch (error) {
        await counter()
          .release(place)
          .catch(() => {});
        throw error;
      }
    },
    openFor: async (id, opening) => reachable(object(await deriveSeal(id, owner)).create(opening)),
    state: (id) => ask(id, deriveSeal(id, owner), (stub) => stub.state()),
    async put(id, { bytes, ...tile }) {
      const seal = await deriveSeal(id, owner);
      const sealed = await seal.seal(bytes, tile.row, tile.col);
      return ask(id, seal, (stub) => stub.put({ ...tile, bytes: bytes.length, sealed }));
    },
    take: (id, leaseMs, exam) => ask(id, deriveSeal(id, owner), (stub) => stub.take(leaseMs, exam)),
    async renew(id, token, leaseMs) {
      await reachable(object(await deriveSeal(id, owner)).renew(token, leaseMs));
    },
    async tiles(id, token, first, maxBytes) {
      const seal = await deriveSeal(id, owner);
      const tiles = await ask(id, seal, (stub) => stub.tiles(token, first, maxBytes));
      return Promise.all(
        tiles.map(async ({ sealed, ...tile }) => ({ ...tile, bytes: await seal.open(sealed, tile.row, tile.col) })),
      );
    },
    async giveBack(id, token) {
      await reachable(object(await deriveSeal(id, owner)).giveBack(token));
    },
    async remove(id, { token, exam } = {}) {
      await ask(id, deriveSeal(id, owner), (stub) => stub.remove(token, exam));
    },
  });
}
