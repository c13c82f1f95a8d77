/**
 * @module
 * `fetch` over XMLHttpRequest, because browsers tell how much of a body has gone there only.
 */

/** Gets the bytes sent so far and all there are to send. */
export type UploadProgress = (sent: number, total: number) => void;

/**
 * A stand-in for `fetch`: status and headers first, then the body as a stream while it comes.
 * @throws TypeError when the service cannot be reached; the signal's reason when aborted
 */
export function fetchWithProgress(progress: UploadProgress): typeof fetch {
  return (input, init) =>
    new Promise<Response>((resolve, reject) => {
      const { signal } = init ?? {};
      signal?.throwIfAborted();
      const request = new XMLHttpRequest();
      const encoder = new TextEncoder();
      let body: ReadableStreamDefaultController<Uint8Array> | undefined;
      let taken = 0;

      const fail = (reason: unknown) => {
        signal?.removeEventListener("abort", abort);
        if (body) body.error(reason);
        else reject(reason);
        body = undefined;
      };
      const abort = () => {
        request.abort();
        fail(signal?.reason);
      };
      const take = () => {
        const text = request.responseText.slice(taken);
        taken += text.length;
        if (text !== "") body?.enqueue(encoder.encode(text));
      };

      request.open(init?.method ?? "GET", input instanceof Request ? input.url : input);
      for (const [name, value] of new Headers(init?.headers)) request.setRequestHeader(name, value);
      request.upload.onprogress = ({ loaded, total }) => progress(loaded, total);
      request.onreadystatechange = () => {
        if (request.readyState !== XMLHttpRequest.HEADERS_RECEIVED) return;
        const stream = new ReadableStream<Uint8Array>({
          start: (controller) => {
            body = controller;
          },
          cancel: () => request.abort(),
        });
        resolve(new Response(stream, { status: request.status, headers: readHeaders(request) }));
      };
      request.onprogress = take;
      request.onload = () => {
        signal?.removeEventListener("abort", abort);
        take();
        body?.close();
      };
      request.onerror = () => fail(new TypeError("The service cannot be reached."));
      signal?.addEventListener("abort", abort);
      request.send((init?.body ?? null) as XMLHttpRequestBodyInit | null);
    });
}

function readHeaders(request: XMLHttpRequest): Headers {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return headers;
}
