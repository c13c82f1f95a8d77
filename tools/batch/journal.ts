/**
 * @module
 * The journal of a run: a head, then a line for each file that is done, on the disk before the next one counts. A run that was
 * killed goes on behind its last whole line.
 */
import { type FileHandle, open } from "node:fs/promises";
import * as z from "zod";
import { GlamError } from "../../src/glam/problem.ts";
import type { Entry } from "./entry.ts";

/** What must be the same for results to stand in one table; `version` of this product. */
export type Head = { journal: 1; version: string; through: "here" | "service"; model: object; question: object };

export type Journal = {
  /** Status of the file's result; undefined when there is none of the same content. */
  statusOf(file: string, of: string): string | undefined;
  /** @returns undefined for a file that has no line */
  read(file: string): Promise<Entry | undefined>;
  append(entry: Entry): Promise<void>;
  close(): Promise<void>;
};

const headSchema = z.object({ version: z.string().regex(/^[\w.+-]{1,64}$/) });
const entrySchema = z.object({ file: z.string(), of: z.string(), result: z.object({ status: z.string() }) });

type Place = { of: string; status: string; at: number; length: number };

/**
 * Opens or begins a journal; what is behind its last whole line is cut off. Holds places of lines in memory, not the lines.
 * @throws GlamError `invalid-request` when it is of another version, another model or other options
 */
export async function openJournal(path: string, head: Head): Promise<Journal> {
  const handle = await open(path, "a+", 0o600);
  try {
    const places = new Map<string, Place>();
    let end = 0;
    let first = true;
    for await (const { at, text, next } of wholeLines(handle)) {
      if (first) checkHead(text, head);
      else {
        const entry = entrySchema.safeParse(parse(text));
        if (entry.success) {
          const { file, of, result } = entry.data;
          places.set(file, { of, status: result.status, at, length: next - 1 - at });
        }
      }
      first = false;
      end = next;
    }
    await handle.truncate(end);
    let last: Promise<unknown> = Promise.resolve();
    /** One line after the other. @returns where it begins */
    const write = (line: Buffer): Promise<number> => {
      const done = last.then(async () => {
        const at = end;
        await handle.appendFile(line);
        await handle.datasync();
        end += line.length;
        return at;
      });
      last = done.catch(() => undefined);
      return done;
    };
    if (first) await write(Buffer.from(`${JSON.stringify(head)}\n`));
    return {
      statusOf(file, of) {
        const place = places.get(file);
        return place?.of === of ? place.status : undefined;
      },
      async read(file) {
        const place = places.get(file);
        if (place === undefined) return undefined;
        const { buffer } = await handle.read(Buffer.alloc(place.length), 0, place.length, place.at);
        return JSON.parse(buffer.toString("utf8"));
      },
      async append(entry) {
        const line = Buffer.from(`${JSON.stringify(entry)}\n`);
        const at = await write(line);
        places.set(entry.file, { of: entry.of, status: entry.result.status, at, length: line.length - 1 });
      },
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Lines that end; `next` is where the next one begins. */
async function* wholeLines(handle: FileHandle): AsyncGenerator<{ at: number; text: string; next: number }> {
  let rest = Buffer.alloc(0);
  let at = 0;
  const piece = Buffer.alloc(2 ** 20);
  for (;;) {
    const { bytesRead } = await handle.read(piece, 0, piece.length, at + rest.length);
    if (bytesRead === 0) return;
    rest = Buffer.concat([rest, piece.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
      yield { at: at + start, text: rest.toString("utf8", start, end), next: at + end + 1 };
      start = end + 1;
    }
    at += start;
    rest = rest.subarray(start);
  }
}

function checkHead(text: string, head: Head): void {
  if (text === JSON.stringify(head)) return;
  const known = headSchema.safeParse(parse(text)).data?.version;
  throw new GlamError(
    "invalid-request",
    known === head.version
      ? "The out folder holds results of another model, of other options, or of another way to compute. Give another --out."
      : `The out folder holds results of another version (${known ?? "unknown"}; this is ${head.version}). Go on with that one, or give another --out.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
