/**
 * @module
 * A hard cap on the linear memory of a WebAssembly module that makes its memory itself, as onnxruntime-web does: the
 * constructor `WebAssembly.Memory` is replaced while it initialises.
 */

/** Bytes of a WebAssembly page. */
const page = 65536;

/** What is known of the one memory that was made under the cap. */
export type MemoryCap = {
  /** The capped memory; undefined until it is made. */
  memory(): WebAssembly.Memory | undefined;
  /** Whether the last attempt to grow it was refused: an allocation inside the module has failed. */
  growthRefused(): boolean;
  /** Bytes by which the memory may still grow. */
  headroom(): number;
  /** Puts the real constructor back. The memory keeps its cap. */
  remove(): void;
};

/**
 * Caps every growable memory that is made until `remove` is called.
 * @param limitBytes rounded down to whole pages
 * @example
 * const cap = capMemory(96 * 1024 * 1024);
 * try { await initialise(); } finally { cap.remove(); }
 * cap.memory()?.buffer.byteLength;
 */
export function capMemory(limitBytes: number): MemoryCap {
  const RealMemory = WebAssembly.Memory;
  const maximum = Math.floor(limitBytes / page);
  let capped: WebAssembly.Memory | undefined;
  let refused = false;

  /** Emscripten swallows the exception of a refused growth and makes malloc answer 0, so it is noted here. */
  function watchGrowth(memory: WebAssembly.Memory): void {
    memory.grow = (pages) => {
      refused = true;
      const before = RealMemory.prototype.grow.call(memory, pages);
      refused = false;
      return before;
    };
  }

  WebAssembly.Memory = new Proxy(RealMemory, {
    construct(target, [descriptor]: [WebAssembly.MemoryDescriptor]) {
      // ORT also makes an empty memory, to find the constructor of SharedArrayBuffer.
      if (descriptor.initial === 0) return new target(descriptor);
      capped = new target({ ...descriptor, maximum: Math.min(maximum, descriptor.maximum ?? maximum) });
      watchGrowth(capped);
      return capped;
    },
  });

  return {
    memory: () => capped,
    growthRefused: () => refused,
    headroom: () => maximum * page - (capped?.buffer.byteLength ?? 0),
    remove: () => {
      WebAssembly.Memory = RealMemory;
    },
  };
}
