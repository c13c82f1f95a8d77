/**
 * @module
 * Every JSON that goes in or out, for the server and for typed clients. Needs nothing but zod.
 */
export * from "./schemas/answer.ts";
export * from "./schemas/events.ts";
export * from "./schemas/geometry.ts";
export * from "./schemas/problem.ts";
export * from "./schemas/request.ts";
export * from "./schemas/service.ts";
export * from "./schemas/upload.ts";
