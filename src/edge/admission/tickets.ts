/**
 * @module
 * Since when each refused caller has been waiting. A ticket is a random number that only this isolate knows; it is valid once
 * and expires.
 */
import { elapsed } from "./elapsed.ts";

/** Most tickets that are remembered; beyond that none is issued. */
const MOST = 1000;
/** How long after its `Retry-After` a caller is expected, and its ticket valid; milliseconds. */
const EXPECTED_MS = 15_000;
const KNOWN_MS = 120_000;

/** See {@link createTickets}; times in milliseconds. */
export type Tickets = {
  /** When the holder came first; undefined for an unknown or expired ticket. The ticket is used up. */
  take(ticket: string | undefined): number | undefined;
  /** A ticket for a caller that came at `since` and is to come again after `waitMs`; undefined when there are too many. */
  issue(since: number, waitMs: number): string | undefined;
  /** How many holders who came before `since` are still expected. */
  before(since: number): number;
};

export function createTickets(now: () => number = elapsed): Tickets {
  const open = new Map<string, { since: number; due: number }>();
  return {
    take(ticket) {
      const found = ticket === undefined ? undefined : open.get(ticket);
      if (ticket === undefined || found === undefined) return undefined;
      open.delete(ticket);
      return found.due + KNOWN_MS > now() ? found.since : undefined;
    },
    issue(since, waitMs) {
      for (const [ticket, { due }] of open) if (due + KNOWN_MS <= now()) open.delete(ticket);
      if (open.size >= MOST) return undefined;
      const ticket = crypto.randomUUID();
      open.set(ticket, { since, due: now() + waitMs });
      return ticket;
    },
    before: (since) =>
      [...open.values()].filter((holder) => holder.since < since && holder.due + EXPECTED_MS > now()).length,
  };
}
