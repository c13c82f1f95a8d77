/**
 * @module
 * HTTP/1.1 byte by byte, for requests that HTTP libraries cannot send.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

/** A connection, and everything that came back so far. */
export type RawConnection = { socket: Socket; received: () => string; closed: Promise<void> };

/** Opens a connection and sends a POST's head. */
export const openPost = (url: URL, headers: Record<string, string>): Promise<RawConnection> =>
  openRequest("POST", url, headers);

/** Opens a connection and sends a request's head. */
export async function openRequest(
  method: "POST" | "PUT",
  url: URL,
  headers: Record<string, string>,
): Promise<RawConnection> {
  const socket = connect(Number(url.port), url.hostname);
  let text = "";
  socket.setEncoding("latin1").on("data", (chunk: string) => {
    text += chunk;
  });
  // A server that answers early closes while the client still writes.
  socket.on("error", () => {});
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  await once(socket, "connect");
  const lines = Object.entries({ host: url.host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`${method} ${url.pathname} HTTP/1.1\r\n${lines.join("")}\r\n`);
  return { socket, received: () => text, closed };
}

/** Writes and waits until the bytes are taken; false when the other side has closed. */
export function write({ socket }: RawConnection, data: string | Uint8Array): Promise<boolean> {
  if (socket.destroyed || !socket.writable) return Promise.resolve(false);
  return new Promise((resolve) => {
    const closed = () => resolve(false);
    socket.once("close", closed);
    socket.write(data, (error) => {
      socket.off("close", closed);
      resolve(!error);
    });
  });
}

/** One chunk of a chunked body. */
export const chunk = (data: Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from("\r\n")]);
