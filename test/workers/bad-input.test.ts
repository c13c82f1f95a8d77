import { exports } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { problemSchema, type Segmentation, segmentationSchema } from "../../src/contract/index.ts";
import { problems } from "../../src/glam/problem.ts";
import { badInputs } from "../support/bad-input.ts";
import { tinyCanvas, tinyForm } from "../support/tiny-image.ts";

const url = "https://glam.example/v1/segmentations";

/** The answer to a good request, without its random identifier. */
async function goodAnswer(): Promise<Segmentation> {
  const body = tinyForm(tinyCanvas(16), "png");
  const response = await exports.default.fetch(new Request(url, { method: "POST", body }));
  expect(response.status).toBe(200);
  return { ...segmentationSchema.parse(await response.json()), id: "" };
}

describe("bad input", () => {
  let expected: Segmentation;
  beforeAll(async () => {
    expected = await goodAnswer();
  });

  // Every other one asks for a stream, which must make no difference.
  const cases = badInputs.map((input, i) => ({ ...input, accept: i % 2 ? "text/event-stream" : "application/json" }));
  test.each(cases)(
    "$name is $code, and the next good request gets the right answer",
    async ({ init, code, at, accept }) => {
      const request = new Request(url, init());
      request.headers.set("accept", accept);
      const response = await exports.default.fetch(request);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      const problem = problemSchema.parse(await response.json());
      expect(problem).toMatchObject({ code, type: `/problems/${code}`, status: problems[code].status });
      expect(response.status).toBe(problems[code].status);
      if (at !== undefined) expect(problem.at).toBe(at);
      expect(await goodAnswer()).toEqual(expected);
    },
  );
});
