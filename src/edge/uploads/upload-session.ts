/**
 * @module
 * One upload: a Durable Object that holds a request and its sealed tiles until they are used, deleted, or too old. A hash
 * of a random identifier names it, and an object that was never created stores nothing.
 */
import { DurableObject, type ObjectContext, type ObjectStorage } from "cloudflare:workers";
import {
  counterName,
  type Opening,
  type Refusal,
  type SealedTile,
  type TakenUpload,
  type UploadBindings,
  type UploadSessionStub,
  type UploadState,
} from "./protocol.ts";
import { createRunLease, type StoredRun } from "./run-lease.ts";
import { deleteTile, listTiles, readTile, writeTile } from "./tile-storage.ts";

/** What is stored besides tiles. */
type Session = Opening & { expiresAt: number; run?: StoredRun };

const SESSION = "session";
const notFound: Refusal = { refused: "upload-not-found" };

/** See {@link UploadSessionStub} for the methods. */
export class UploadSession extends DurableObject<UploadBindings> implements UploadSessionStub {
  readonly #storage: ObjectStorage;
  readonly #lease = createRunLease();

  constructor(ctx: ObjectContext, env: UploadBindings) {
    super(ctx, env);
    this.#storage = ctx.storage;
  }

  async create(opening: Opening): Promise<UploadState> {
    const known = opening.exam && (await this.#open());
    if (known) return this.#state(known);
    return this.#state(await this.#extend({ ...opening, expiresAt: 0 }));
  }

  async state(): Promise<UploadState | Refusal> {
    const session = await this.#open();
    return session ? this.#state(session) : notFound;
  }

  async put(tile: SealedTile): Promise<UploadState | Refusal> {
    const session = await this.#open();
    if (!session) return notFound;
    const leftMs = this.#lease.leftMs(session.run);
    if (leftMs > 0) return { refused: "upload-in-use", leftMs };
    const listed = listTiles(this.#storage);
    const same = listed.find(({ row, col }) => row === tile.row && col === tile.col);
    if (same?.sha256 === tile.sha256) return this.#arrived(await this.#extend(session));
    const others = listed.filter((other) => other !== same);
    const held = others.reduce((sum, { bytes }) => sum + bytes, 0);
    const { maxTileBytes, maxBytes } = session.limits;
    if (tile.bytes > maxTileBytes || held + tile.bytes > maxBytes) return { refused: "upload-too-large" };
    this.#storage.transactionSync(() => {
      deleteTile(this.#storage, tile.row, tile.col);
      writeTile(this.#storage, tile);
    });
    return this.#arrived(await this.#extend(session));
  }

  async take(leaseMs: number, exam?: string): Promise<TakenUpload | Refusal> {
    const session = await this.#open();
    if (!session) return notFound;
    if (session.exam?.object !== exam) return { refused: "upload-of-exam" };
    const leftMs = exam === undefined ? this.#lease.leftMs(session.run) : 0;
    if (leftMs > 0) return { refused: "upload-in-use", leftMs };
    const token = crypto.randomUUID();
    await this.#extend({ ...session, run: this.#lease.hold(token, leaseMs) });
    const bytes = listTiles(this.#storage).reduce((sum, tile) => sum + tile.bytes, 0);
    return { token, request: session.request, bytes };
  }

  async renew(token: string, leaseMs: number): Promise<void> {
    const session = await this.#open();
    if (session?.run?.token !== token) return;
    this.#storage.kv.put(SESSION, { ...session, run: this.#lease.hold(token, leaseMs) });
  }

  async tiles(token: string, first: number, maxBytes: number): Promise<SealedTile[] | Refusal> {
    const session = await this.#open();
    if (session?.run?.token !== token) return notFound;
    const batch: SealedTile[] = [];
    let room = maxBytes;
    for (const listed of listTiles(this.#storage).slice(first)) {
      room -= listed.bytes;
      if (room < 0 && batch.length > 0) break;
      batch.push(readTile(this.#storage, listed));
    }
    return batch;
  }

  async giveBack(token: string): Promise<void> {
    const session = await this.#open();
    if (session?.run?.token !== token) return;
    const { run: _, ...rest } = session;
    this.#storage.kv.put(SESSION, rest);
  }

  async remove(token?: string, exam?: string): Promise<{ removed: true } | Refusal> {
    const session = await this.#open();
    if (session && session.exam?.object !== exam) return { refused: "upload-of-exam" };
    if (!session || (token !== undefined && session.run?.token !== token)) return notFound;
    await this.#end(session);
    return { removed: true };
  }

  /** Ends an expired upload; the alarm of an extended one is set again. */
  override async alarm(): Promise<void> {
    const session = await this.#open();
    if (session) await this.#storage.setAlarm(session.expiresAt);
  }

  /** The session, unless it is missing or expired; ends an expired one. */
  async #open(): Promise<Session | undefined> {
    const session = this.#storage.kv.get<Session>(SESSION);
    if (session === undefined || Date.now() < session.expiresAt) return session;
    await this.#end(session);
    return undefined;
  }

  /** Stores the session, to end later than before. */
  async #extend(session: Session): Promise<Session> {
    const expiresAt = Math.min(Date.now() + session.ttlMs, session.endsAt);
    const extended = { ...session, expiresAt };
    this.#storage.kv.put(SESSION, extended);
    await this.#storage.setAlarm(expiresAt);
    return extended;
  }

  /** Deletes everything and gives the place back; if the counter does not answer, the place expires. */
  async #end({ place }: Session): Promise<void> {
    await this.#storage.deleteAlarm();
    await this.#storage.deleteAll();
    if (place === undefined) return;
    await this.env.UPLOAD_COUNTER?.getByName(counterName)
      .release(place)
      .catch(() => {});
  }

  /** Tells the exam when everything is there. A word that is lost does no harm: the exam asks by itself, too. */
  async #arrived(session: Session): Promise<UploadState> {
    const state = this.#state(session);
    if (session.exam && state.missing === 0) {
      await this.env.EXAMS?.getByName(session.exam.object)
        .arrived()
        .catch(() => {});
    }
    return state;
  }

  #state({ expiresAt, canvas, tile, limits, exam }: Session): UploadState {
    const received = listTiles(this.#storage).map(({ row, col, bytes, sha256 }) => ({ row, col, bytes, sha256 }));
    const there = new Set(received.map(({ row, col }) => `${row}-${col}`));
    const missing = exam?.expected.filter(([row, col]) => !there.has(`${row}-${col}`)).length ?? 0;
    return { expiresAt, canvas, tile, limits, received, missing };
  }
}
