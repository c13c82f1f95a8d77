/**
 * @module
 * Connections that send a head and a few bytes, and then nothing.
 */
import { openPost, type RawConnection, write } from "../../test/support/raw-http.ts";

/**
 * Opens `count` connections that have each sent `bytes` of a body.
 * @returns them, open
 */
export async function openIdle(url: URL, count: number, bytes: number): Promise<RawConnection[]> {
  const headers = { "content-type": "multipart/form-data; boundary=b", "content-length": "100000" };
  const connections: RawConnection[] = [];
  for (let i = 0; i < count; i++) {
    const connection = await openPost(url, headers);
    await write(connection, new Uint8Array(bytes).fill(0x41));
    connections.push(connection);
  }
  return connections;
}
