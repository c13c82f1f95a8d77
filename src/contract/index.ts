/**
 * @module
 * Every JSON that goes in or out, for the server and for typed clients. Needs nothing but zod.
 */
export * from "./answer.ts";
export * from "./events.ts";
export * from "./exam.ts";
export * from "./geometry.ts";
export * from "./problem.ts";
export * from "./request.ts";
export * from "./service.ts";
export * from "./upload.ts";
