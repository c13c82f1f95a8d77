import { describe, expect, test } from "vitest";
import { problemSchema } from "../../contract/index.ts";
import { GlamError, type ProblemCode, problems } from "../../glam/problem.ts";
import { describeError, InvalidRequest, problemResponse } from "./problem-document.ts";

/** Describes an error and keeps its log lines. */
function describeAndLog(error: unknown) {
  const lines: string[] = [];
  return { ...describeError(error, (line) => lines.push(line)), lines };
}

describe("describeError", () => {
  test.each(Object.keys(problems) as ProblemCode[])("%s becomes a valid document with its status", async (code) => {
    const described = describeAndLog(new GlamError(code, "What happened.", { at: "tile-0-1" }));
    const response = problemResponse(described);
    expect(response.status).toBe(problems[code].status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(problemSchema.parse(await response.json())).toMatchObject({
      type: `/problems/${code}`,
      code,
      title: problems[code].title,
      detail: "What happened.",
      at: "tile-0-1",
    });
    expect(described.lines).toHaveLength(problems[code].status >= 500 ? 1 : 0);
  });

  test("an unexpected exception leaves nothing of its message in the answer or the log", () => {
    const error = new TypeError("Doe, Jane 1961\n    at Doe, Jane 1961");
    const { problem, lines } = describeAndLog(error);
    expect(problem).toMatchObject({ code: "internal-error", status: 500 });
    expect(JSON.stringify(problem) + lines.join()).not.toContain("Jane");
    expect(JSON.parse(lines[0])).toMatchObject({
      incident: problem.incident,
      code: "internal-error",
      error: "TypeError",
    });
    expect(JSON.parse(lines[0]).positions[0]).toContain("problem-document.test.ts");
  });

  test("a message that was changed after the throw is not taken for a position", () => {
    const error = new Error("short");
    error.message = "other\n    at Doe, Jane 1961";
    expect(describeAndLog(error).lines.join()).not.toContain("Jane");
    expect(describeAndLog("Doe, Jane").lines.join()).not.toContain("Jane");
  });

  test("wrong fields are listed, and a busy server says when to come back", () => {
    const { problem } = describeAndLog(new InvalidRequest([{ path: "/regions", message: "too big" }]));
    expect(problem.errors).toEqual([{ path: "/regions", message: "too big" }]);
    const busy = problemResponse(describeAndLog(new GlamError("busy", "Full.", { retryAfter: 3 })));
    expect(busy.headers.get("retry-after")).toBe("3");
  });
});
