/**
 * @module
 * docs/reference/problems.md: the closed list of what can go wrong.
 */
import { explanations } from "../../src/edge/api/explanations.ts";
import { type ProblemCode, problems } from "../../src/glam/problem.ts";
import { code, page, table } from "./markdown.ts";

export const problemsPage = (): string =>
  page(
    "Problem codes",
    "For whoever handles errors, of the service, the client or the command line. `code` is stable; compare it and nothing else. A running service explains each at `/problems/<code>`. The status is that of an HTTP answer, also where a code arises on the caller's side. What is worth trying again: [client.md](../client.md).",
    table(
      ["code", "status", "what happened", "what to do"],
      Object.entries(problems).map(([name, { status, title }]) => [
        code(name),
        String(status),
        title,
        explanations[name as ProblemCode],
      ]),
    ),
  );
