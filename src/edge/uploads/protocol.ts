/**
 * @module
 * What the Worker and the Durable Objects of uploads say to each other. Failures travel as values: an error that crosses
 * between objects loses its class, and with it its stable code.
 */
import type { Size } from "../../glam/spec.ts";
import type { Bucket } from "./bucket-store.ts";

/** What one upload may hold, in bytes. */
export type UploadLimits = { maxTileBytes: number; maxBytes: number };

/** Everything that a new upload is told; times in milliseconds since the epoch. */
export type Opening = {
  /** Text of the request, already validated. */
  request: string;
  canvas: Size;
  tile: Size;
  limits: UploadLimits;
  /** How long after the last tile it ends, in milliseconds. */
  ttlMs: number;
  /** When it ends at the latest. */
  endsAt: number;
  /** Its place at the counter, to be given back; an exam has one for all its uploads. */
  place?: string;
  /** The exam that it belongs to. */
  exam?: ExamPart;
};

/** What an upload knows of its exam: the name of the exam's object, and the tiles that must come, `[row, column]`. */
export type ExamPart = { object: string; expected: readonly (readonly [number, number])[] };

/** One tile that is there. */
export type ReceivedTile = { row: number; col: number; bytes: number; sha256: string };

/** What an upload tells of itself; `received` by row, then by column. */
export type UploadState = {
  expiresAt: number;
  canvas: Size;
  tile: Size;
  limits: UploadLimits;
  received: ReceivedTile[];
  /** Tiles that an exam still waits for. */
  missing: number;
};

/** One compressed tile; `sha256` in hex. */
export type UploadedTile = {
  row: number;
  col: number;
  mediaType: string;
  sha256: string;
  bytes: Uint8Array<ArrayBuffer>;
};

/** The same as it is stored: `sealed` as in `tile-seal.ts`, `bytes` how many there were before. */
export type SealedTile = Omit<UploadedTile, "bytes"> & { bytes: number; sealed: Uint8Array<ArrayBuffer> };

/** The upload was taken for a run; `token` says by whom, `bytes` how much the tiles are together. */
export type TakenUpload = { token: string; request: string; bytes: number };

/** Why an upload refuses; `leftMs` is how long a run without a sign of life still holds it. */
export type Refusal =
  | { refused: "upload-not-found" | "upload-too-large" | "upload-of-exam" }
  | { refused: "upload-in-use"; leftMs: number };

/** The methods of `UploadSession`. */
export type UploadSessionStub = {
  /** An upload of an exam may be created again, which changes nothing. */
  create(opening: Opening): Promise<UploadState>;
  state(): Promise<UploadState | Refusal>;
  put(tile: SealedTile): Promise<UploadState | Refusal>;
  /**
   * Takes the upload for one run, which gives it back, renews it, or loses it after `leaseMs`.
   * @param exam who takes it; an exam has one run at a time and takes the upload from a dead one
   */
  take(leaseMs: number, exam?: string): Promise<TakenUpload | Refusal>;
  renew(token: string, leaseMs: number): Promise<void>;
  /** The tiles from the one with this number on, as many as fit in `maxBytes`, but at least one; none at the end. */
  tiles(token: string, first: number, maxBytes: number): Promise<SealedTile[] | Refusal>;
  giveBack(token: string): Promise<void>;
  /** Deletes everything; with a token only if that run still has the upload. An exam's upload is deleted by the exam only. */
  remove(token?: string, exam?: string): Promise<{ removed: true } | Refusal>;
};

/** What an exam's object is told by its uploads. */
export type ExamWatcher = {
  /** All tiles of an upload are there. */
  arrived(): Promise<void>;
};

/** The methods of `UploadCounter`. */
export type UploadCounterStub = {
  /** Takes one of `places` until `endsAt`; `freeAt` is when the first of the others ends by itself. */
  take(place: string, endsAt: number, places: number): Promise<{ taken: boolean; freeAt: number }>;
  release(place: string): Promise<void>;
  /** 32 random bytes that never change; see `upload-id.ts`. */
  secret(): Promise<Uint8Array<ArrayBuffer>>;
};

/** A namespace of Durable Objects. */
export type Namespace<Stub> = { getByName(name: string): Stub };

/** The bindings that uploads need, and the bucket that they may use; see wrangler.toml. */
export type UploadBindings = {
  UPLOADS?: Namespace<UploadSessionStub>;
  UPLOAD_COUNTER?: Namespace<UploadCounterStub>;
  SEALED_BUCKET?: Bucket;
  EXAMS?: Namespace<ExamWatcher>;
};

/** There is one counter of uploads for the whole deployment, which also keeps its secret. */
export const counterName = "open-uploads";
