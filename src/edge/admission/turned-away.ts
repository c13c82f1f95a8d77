/**
 * @module
 * The refusal of a caller whose turn has not come.
 */
import { GlamError } from "../../glam/problem.ts";

/** `busy`, with the ticket that keeps the caller's place; see `contract/ticket.ts`. */
export class TurnedAway extends GlamError {
  readonly ticket: string | undefined;

  /** @param seconds after which to come back */
  constructor(seconds: number, ticket: string | undefined) {
    super("busy", "This server is computing other images. Come back as the headers say, and your place is kept.", {
      retryAfter: seconds,
    });
    this.ticket = ticket;
  }
}
