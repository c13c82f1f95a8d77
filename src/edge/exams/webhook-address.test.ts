import { expect, test } from "vitest";
import { webhookAddress } from "./webhook-address.ts";

const hosts = ["hooks.example.org", "hooks.example.org:8443", "localhost", "10.0.0.1", "intranet.local"];

test("https to a listed host is allowed, with the port that is listed", () => {
  expect(webhookAddress("https://hooks.example.org/a?b=c", hosts).href).toBe("https://hooks.example.org/a?b=c");
  expect(webhookAddress("https://HOOKS.example.org:443/", hosts).host).toBe("hooks.example.org");
  expect(webhookAddress("https://hooks.example.org:8443/", hosts).host).toBe("hooks.example.org:8443");
});

test.each([
  "http://hooks.example.org/",
  "https://hooks.example.org:444/",
  "https://elsewhere.example.org/",
  "https://hooks.example.org.elsewhere.net/",
  "https://hooks.example.org@elsewhere.net/",
  "https://user:word@hooks.example.org/",
  "https://localhost/",
  "https://intranet.local/",
  "https://10.0.0.1/",
  "https://0x0a000001/",
  "https://167772161/",
  "https://[::1]/",
  "https://[::ffff:10.0.0.1]/",
  "ftp://hooks.example.org/",
  "hooks.example.org",
  "",
])("%s is refused, listed or not", (text) => {
  expect(() => webhookAddress(text, hosts)).toThrow(expect.objectContaining({ code: "webhook-refused" }));
});
