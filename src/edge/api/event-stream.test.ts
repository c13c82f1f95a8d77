import { EventSourceParserStream } from "eventsource-parser/stream";
import { expect, test } from "vitest";
import type { SegmentationEvent } from "../../contract/index.ts";
import { GlamError } from "../../glam/problem.ts";
import { eventStream } from "./event-stream.ts";
import { problemDocument } from "./problem-document.ts";

const problem: SegmentationEvent = { event: "problem", data: problemDocument(new GlamError("busy", "two\nlines")) };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("events arrive whole, with comments while nothing happens, and then it ends", async () => {
  async function* events() {
    yield problem;
    await pause(60);
    yield problem;
  }
  const { response, done } = eventStream(events(), () => {}, 10);
  expect(response.headers.get("content-type")).toContain("text/event-stream");
  const text = await response.text();
  await done;
  expect(text).toMatch(/^event: problem\ndata: [^\n]+\n\n(:\n\n)+event: problem\ndata: [^\n]+\n\n$/);
  const messages = new Response(text).body
    ?.pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  const seen = [];
  for await (const message of messages ?? []) seen.push({ event: message.event, data: JSON.parse(message.data) });
  expect(seen).toEqual([problem, problem]);
});

test("a reader who leaves is told to the source, whose end is waited for", async () => {
  let finished = false;
  let left = false;
  async function* events() {
    try {
      yield problem;
      while (!left) await pause(5);
      yield problem;
    } finally {
      await pause(20);
      finished = true;
    }
  }
  const { response, done } = eventStream(events(), () => {
    left = true;
  });
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  await done;
  expect(finished).toBe(true);
});

test("the event loop turns after each event, so that it is sent before the source computes on", async () => {
  const turns: number[] = [];
  async function* events() {
    for (let sent = 0; sent < 3; sent++) {
      setTimeout(() => turns.push(sent));
      yield problem;
      expect(turns).toHaveLength(sent + 1);
    }
    turns.push(99);
  }
  await eventStream(events(), () => {}).done;
  expect(turns).toEqual([0, 1, 2, 99]);
});

test("a slow reader does not hold the source back", async () => {
  let made = 0;
  async function* events() {
    for (; made < 20; made++) yield problem;
  }
  const { done } = eventStream(events(), () => {});
  await done;
  expect(made).toBe(20);
});
