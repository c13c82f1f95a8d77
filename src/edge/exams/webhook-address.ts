/**
 * @module
 * Where webhooks may go: https, to hosts that the operator has listed, and never into a network of the service's own.
 */
import { GlamError } from "../../glam/problem.ts";

/**
 * Checks an address. Where a listed name leads is the operator's matter: Cloudflare reaches no private network from a Worker,
 * a workerd of one's own reaches whatever its machine does, and neither tells the Worker which address a name has.
 * @param hosts `name` or `name:port`, in lower case
 * @throws GlamError `webhook-refused`
 * @example webhookAddress("https://hooks.example.org/glam", ["hooks.example.org"]);
 */
export function webhookAddress(text: string, hosts: readonly string[]): URL {
  const url = allowedAddress(text, hosts);
  if (url) return url;
  const detail =
    "Webhooks go by https, without a password, to the hosts that the operator has listed, never to a number.";
  throw new GlamError("webhook-refused", detail, { at: "request" });
}

/** The same; undefined for an address that is not allowed. */
export function allowedAddress(text: string, hosts: readonly string[]): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "https:" || url.username !== "" || url.password !== "") return undefined;
  return isPublicName(url.hostname) && hosts.includes(url.host) ? url : undefined;
}

/** Whether a host is a name that is not private by itself. The parser of addresses writes every kind of number as one. */
const isPublicName = (host: string): boolean =>
  host.includes(".") &&
  !host.startsWith("[") &&
  !/^[\d.]+$/.test(host) &&
  !/(?:^|\.)(?:localhost|local|internal|home\.arpa|lan)\.?$/.test(host);
