/**
 * @module
 * A TCP proxy that breaks connections where a test wants it: real sockets, real resets.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Sees bytes on their way; a returned number lets that many pass and then resets every connection. */
export type Breaker = (bytes: Buffer) => number | undefined;

export type BreakingProxy = {
  url: URL;
  /** How often everything was reset. */
  breaks(): number;
  /** Resets every connection and lets no new one in for a while. */
  goOffline(ms: number): void;
  stop(): Promise<void>;
};

/** @param watch `up`: what clients send; `down`: what the server answers */
export async function startBreakingProxy(target: URL, watch: { up?: Breaker; down?: Breaker }): Promise<BreakingProxy> {
  const open = new Set<Socket>();
  let breaks = 0;
  let offlineUntil = 0;
  const resetAll = () => {
    breaks++;
    for (const socket of open) socket.resetAndDestroy();
  };
  const pass = (from: Socket, to: Socket, breaker: Breaker = () => undefined) => {
    open.add(from);
    from.on("close", () => {
      open.delete(from);
      to.destroy();
    });
    from.on("error", () => {});
    from.on("data", (bytes) => {
      const most = breaker(bytes);
      if (most === undefined) {
        to.write(bytes);
        return;
      }
      // The part must reach the other side before the reset does.
      to.write(bytes.subarray(0, most), () => setTimeout(resetAll, 10));
      from.pause();
    });
  };
  const server = createServer((client) => {
    if (Date.now() < offlineUntil) {
      client.on("error", () => {}).resetAndDestroy();
      return;
    }
    const upstream = connect(Number(target.port), target.hostname);
    pass(client, upstream, watch.up);
    pass(upstream, client, watch.down);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    breaks: () => breaks,
    goOffline(ms) {
      offlineUntil = Date.now() + ms;
      resetAll();
    },
    stop: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
