import { expect, test } from "vitest";
import { wantsEvents } from "./accept.ts";

test.each([
  "text/event-stream",
  "text/event-stream; charset=utf-8",
  "Text/Event-Stream;Q=0.5",
  "application/json, text/event-stream",
  "text/html, text/event-stream;q=1",
  "application/json;q=0.1, text/event-stream;q=0.2",
  "text/event-stream;q=0.3, */*;q=0.1",
  "text/event-stream, */*",
  "text/event-stream;q=0.5, application/json;q=0, */*",
  "text/event-stream;q=high",
])("%s wants a stream", (accept) => {
  expect(wantsEvents(accept)).toBe(true);
});

test.each([
  undefined,
  "",
  "*/*",
  "text/*",
  "application/json",
  "application/json, text/event-stream;q=0",
  "application/json, text/event-stream;q=0.1",
  "application/json, text/event-stream; q = 0.9",
  "text/event-stream;q=0",
  "text/event-stream;q=0.000, */*",
  "text/event-stream;q=0.5, */*",
  "text/event-stream;q=.5, application/json;q=0.9",
  "text/event-stream;q=0.5, application/*;q=0.8",
  "text/event-stream-x",
])("%s wants JSON", (accept) => {
  expect(wantsEvents(accept)).toBe(false);
});
