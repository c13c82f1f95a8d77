import { expect, test } from "vitest";
import { createTickets } from "./tickets.ts";

test("a ticket says once since when its holder waits, and one that nobody was given says nothing", () => {
  const tickets = createTickets(() => 500);
  const ticket = tickets.issue(100, 4000);
  expect(tickets.take(crypto.randomUUID())).toBeUndefined();
  expect(tickets.take(undefined)).toBeUndefined();
  expect(tickets.take(ticket)).toBe(100);
  expect(tickets.take(ticket)).toBeUndefined();
});

test("who does not come back is no longer counted, and forgotten later", () => {
  let time = 0;
  const tickets = createTickets(() => time);
  const [first] = [tickets.issue(10, 5000), tickets.issue(20, 60_000), tickets.issue(30, 60_000)];
  expect(tickets.before(30)).toBe(2);
  time = 20_000;
  expect(tickets.before(30)).toBe(1);
  expect(tickets.take(first)).toBe(10);
  const late = tickets.issue(10, 5000);
  time += 125_000;
  expect(tickets.take(late)).toBeUndefined();
});

test("no more than a thousand are remembered, until their time is over", () => {
  let time = 0;
  const tickets = createTickets(() => time);
  for (let i = 0; i < 1000; i++) expect(tickets.issue(i, 1000)).toBeDefined();
  expect(tickets.issue(1000, 1000)).toBeUndefined();
  time = 121_000;
  expect(tickets.issue(1000, 1000)).toBeDefined();
});
