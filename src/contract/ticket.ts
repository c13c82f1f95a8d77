/**
 * @module
 * The place of a caller who was turned away because others were being served. It comes with 503 `busy`; sent again with
 * the next try, it lets the caller in before everybody who came later.
 */

/** The header's name, in the answer and in the next request. */
export const ticketHeader = "Glam-Ticket";
