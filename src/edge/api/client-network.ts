/**
 * @module
 * Where a request comes from, as far as a limit needs to know: one IPv4 address, or the 64 bits of IPv6 that one household or
 * company has.
 */

const IPV4 = /(?:\d{1,3}\.){3}\d{1,3}$/;

/**
 * The caller's network, by the address that Cloudflare puts into every request and that no caller can set.
 * @returns nothing on the operator's own machine, and where the platform tells no address
 * @example clientNetwork(new Headers({ "cf-connecting-ip": "2001:db8::1" })); // "2001:db8:0:0"
 */
export function clientNetwork(headers: Headers): string | undefined {
  const address = headers.get("cf-connecting-ip")?.trim().toLowerCase() ?? "";
  const ipv4 = IPV4.exec(address)?.[0];
  if (ipv4 !== undefined) return ipv4.startsWith("127.") ? undefined : ipv4;
  if (address === "" || address === "::1") return undefined;
  const [head, tail] = address.split("::").map((part) => (part === "" ? [] : part.split(":")));
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array<string>(zeros).fill("0"), ...(tail ?? [])];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ""))
    .join(":");
}
