import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";

test("an empty environment gives the documented defaults", () => {
  expect(readSettings({})).toEqual({
    FANOUT: "durable-object",
    FANOUT_URLS: [],
    SHARDS: 8,
    GLOBAL_RUNTIME: "auto",
    LOCAL_RUNTIME: "auto",
    MEMORY_LIMIT_MB: 96,
    ISOLATE_LIMIT_MB: 106,
    DEADLINE_MS: 60_000,
    CROP_DEADLINE_MS: 25_000,
    MAX_BODY_MB: 32,
    UPLOAD_TTL_MS: 600_000,
    UPLOAD_MAX_MS: 1_800_000,
    MAX_UPLOADS: 64,
    EXAM_TTL_MS: 3_600_000,
    EXAM_MAX_MS: 86_400_000,
    EXAM_MAX_MB: 128,
    MAX_EXAMS: 16,
    WEBHOOK_HOSTS: [],
    WEBHOOK_SECRETS: [],
    MAX_RUNNING: 1,
    MAX_WAITING: 4,
    CORS_ORIGINS: ["*"],
    CROP_BANDS: 1,
    API_KEYS: [],
    ACCESS: "keys",
  });
});

test("lists are split and numbers read; unknown bindings are left alone", () => {
  const settings = readSettings({
    FANOUT: "https",
    FANOUT_URLS: "http://127.0.0.1:8001, https://b.example/base",
    FANOUT_TOKEN: "0123456789abcdef",
    SHARDS: "3",
    CORS_ORIGINS: "",
    DEFAULT_MODEL: "",
    ASSETS: {},
  });
  expect(settings.CORS_ORIGINS).toEqual([]);
  expect(settings).toMatchObject({ SHARDS: 3, FANOUT_URLS: ["http://127.0.0.1:8001", "https://b.example/base"] });
  expect(settings.DEFAULT_MODEL).toBeUndefined();
});

test.each([
  [{ SHARDS: "many" }, "SHARDS"],
  [{ SHARDS: "1.5" }, "SHARDS"],
  [{ DEADLINE_MS: "-1" }, "DEADLINE_MS"],
  [{ FANOUT: "pigeon" }, "FANOUT"],
  [{ FANOUT_URLS: "ftp://x" }, "FANOUT_URLS"],
  [{ FANOUT: "https" }, "FANOUT_URLS"],
  [{ API_KEYS: "short" }, "API_KEYS"],
  [{ ACCESS: "everybody" }, "ACCESS"],
])("%j is refused by name, without its value", (env, name) => {
  expect(() => readSettings(env)).toThrow(name);
  expect(() => readSettings(env)).not.toThrow("short");
});
