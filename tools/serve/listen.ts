/**
 * @module
 * A web handler on a port of the loopback interface.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { GlamError } from "../../src/glam/problem.ts";

type Handler = (request: Request) => Response | Promise<Response>;

export type Listening = { url: URL; close(): Promise<void> };

/**
 * Nobody but this machine can connect.
 * @param port 0 for any that is free
 * @throws what the system says of a port that is taken
 */
export async function listen(handler: Handler, port: number): Promise<Listening> {
  const server = createServer((request, response) => void respond(handler, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return { url: new URL(`http://127.0.0.1:${taken}`), close: () => close(server) };
}

async function respond(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController();
  outgoing.on("close", () => gone.abort(new GlamError("aborted", "The caller went away.")));
  try {
    const response = await handler(webRequest(incoming, gone.signal));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch {
    // A request that is no request of HTTP, or a caller that has left.
    outgoing.writeHead(400).end();
  }
  // A caller that still sends reads no answer, so what nobody wants of the body is let pass.
  incoming.removeAllListeners("data").resume();
}

function webRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  const { method = "GET", url = "/" } = incoming;
  const hasBody = method !== "GET" && method !== "HEAD";
  const body = hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: "half" as const } : {};
  return new Request(new URL(url, "http://127.0.0.1"), { method, headers, signal, ...body });
}

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
