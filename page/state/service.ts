/**
 * @module
 * What the service says of its model.
 */
import { modelDetailSchema, modelListSchema, problemSchema } from "../../src/api/schemas.ts";
import type { Manifest } from "../../src/models/manifest.ts";
import { CallFailed } from "../worker/connection.ts";

/** The manifest of the model that requests without a name get. @throws CallFailed */
export async function defaultManifest(apiKey: string): Promise<Manifest> {
  const { models } = modelListSchema.parse(await getJson("/v1/models", apiKey));
  const name = models.find((model) => model.default)?.name ?? models[0]?.name ?? "";
  return modelDetailSchema.parse(await getJson(`/v1/models/${name}`, apiKey)).manifest;
}

async function getJson(path: string, apiKey: string): Promise<unknown> {
  const headers: Record<string, string> = apiKey === "" ? {} : { authorization: `Bearer ${apiKey}` };
  let response: Response;
  try {
    response = await fetch(path, { headers });
  } catch {
    throw new CallFailed({ code: "unreachable", detail: "The connection to the service failed." });
  }
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body;
  const problem = problemSchema.safeParse(body);
  throw new CallFailed(
    problem.success
      ? { code: problem.data.code, detail: problem.data.detail }
      : { code: "unreachable", detail: `The service answered with status ${response.status}.` },
  );
}
