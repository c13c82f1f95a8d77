/**
 * @module
 * One upload: a Durable Object that holds a request and its sealed tiles until they are used, deleted, or too old. A hash
 * of a random identifier names it, and an object that was never created stores nothing.
 */
import { DurableObject, type ObjectContext, type ObjectStorage } from "cloudflare:workers";
import { createSealedStore } from "./create-sealed-store.ts";
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
import type { SealedStore } from "./sealed-store.ts";
import { dropTiles, type ListedTile, listTile, listTiles } from "./tile-storage.ts";

/** What is stored besides tiles. */
type Session = Opening & { expiresAt: number; run?: StoredRun };

const SESSION = "session";
const notFound: Refusal = { refused: "upload-not-found" };

/** See {@link UploadSessionStub} for the methods. */
export class UploadSession extends DurableObject<UploadBindings> implements UploadSessionStub {
  readonly #storage: ObjectStorage;
  readonly #bytes: SealedStore;
  readonly #lease = createRunLease();

  constructor(ctx: ObjectContext, env: UploadBindings) {
    super(ctx, env);
    this.#storage = ctx.storage;
    this.#bytes = createSealedStore(ctx, env.SEALED_BUCKET);
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

  async put({ sealed, ...tile }: SealedTile): Promise<UploadState | Refusal> {
    const session = await this.#open();
    let judged = this.#judge(session, tile);
    if (judged === "wanted") {
      judged = await this.#bytes.put(sealed, (key) => {
        // While a bucket takes the bytes, other calls are answered.
        const now = this.#judge(this.#live(), tile);
        if (now === "wanted") listTile(this.#storage, this.#bytes, { ...tile, key });
        else this.#bytes.drop(key);
        return now;
      });
      await this.#tidy();
    }
    if (typeof judged === "object") return judged;
    const current = this.#live();
    return current ? this.#arrived(await this.#extend(current)) : notFound;
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
    const batch: ListedTile[] = [];
    let room = maxBytes;
    for (const listed of listTiles(this.#storage).slice(first)) {
      room -= listed.bytes;
      if (room < 0 && batch.length > 0) break;
      batch.push(listed);
    }
    const read = await Promise.all(
      batch.map(async ({ key, ...tile }) => ({ ...tile, sealed: await this.#bytes.get(key) })),
    );
    const tiles = read.filter((tile): tile is SealedTile => tile.sealed !== undefined);
    // Deleted meanwhile.
    return tiles.length < batch.length ? notFound : tiles;
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
    await this.#tidy();
  }

  /** The session, unless it is missing or expired. */
  #live(): Session | undefined {
    const session = this.#storage.kv.get<Session>(SESSION);
    return session && Date.now() < session.expiresAt ? session : undefined;
  }

  /** The same; ends an expired one. */
  async #open(): Promise<Session | undefined> {
    const session = this.#live();
    const expired = session ? undefined : this.#storage.kv.get<Session>(SESSION);
    if (expired) await this.#end(expired);
    return session;
  }

  /** What becomes of a tile. */
  #judge(session: Session | undefined, tile: Omit<SealedTile, "sealed">): Refusal | "wanted" | "there" {
    if (!session) return notFound;
    const leftMs = this.#lease.leftMs(session.run);
    if (leftMs > 0) return { refused: "upload-in-use", leftMs };
    const listed = listTiles(this.#storage);
    const same = listed.find(({ row, col }) => row === tile.row && col === tile.col);
    if (same?.sha256 === tile.sha256) return "there";
    const held = listed.reduce((sum, other) => (other === same ? sum : sum + other.bytes), 0);
    const { maxTileBytes, maxBytes } = session.limits;
    return tile.bytes > maxTileBytes || held + tile.bytes > maxBytes ? { refused: "upload-too-large" } : "wanted";
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
    this.#storage.transactionSync(() => {
      dropTiles(this.#storage, this.#bytes);
      this.#storage.kv.delete(SESSION);
    });
    await this.#tidy();
    if (place === undefined) return;
    await this.env.UPLOAD_COUNTER?.getByName(counterName)
      .release(place)
      .catch(() => {});
  }

  /** Deletes bytes that were given up. Without a session nothing stays, or an alarm for what could not be deleted. */
  async #tidy(): Promise<void> {
    await this.#wakeForRest();
    await this.#bytes.sweep();
    if (await this.#wakeForRest()) return;
    await this.#storage.deleteAlarm();
    await this.#storage.deleteAll();
  }

  /** @returns whether the object is still needed; without a session its alarm is for what was given up */
  async #wakeForRest(): Promise<boolean> {
    if (this.#storage.kv.get(SESSION) !== undefined) return true;
    const due = this.#bytes.due();
    if (due !== undefined) await this.#storage.setAlarm(due);
    return due !== undefined;
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
