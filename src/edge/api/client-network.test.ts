import { expect, test } from "vitest";
import { clientNetwork } from "./client-network.ts";

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2"],
  ["2001:DB8:0001:2::1", "2001:db8:1:2"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["fe80::", "fe80:0:0:0"],
  ["::1:2:3:4:5:6", "0:0:1:2"],
  ["127.0.0.1", undefined],
  ["::1", undefined],
  ["", undefined],
])("%s counts as %s", (address, network) => {
  expect(clientNetwork(new Headers({ "cf-connecting-ip": address }))).toBe(network);
});

test("without an address there is no network", () => {
  expect(clientNetwork(new Headers({ "x-forwarded-for": "203.0.113.7" }))).toBeUndefined();
});
