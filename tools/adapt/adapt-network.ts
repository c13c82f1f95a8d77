/**
 * @module
 * A network with BatchNorm statistics of other images: those of each batch while it goes through, averaged over batches, as PyTorch's
 * training mode with `momentum=None` leaves them.
 */
import type { Network } from "../onnx/network.ts";
import { forwardBatch } from "./batch-forward.ts";
import { isNormed, refold } from "./refold.ts";
import { RunningStatistics } from "./statistics.ts";

/**
 * @param network layers that know their BatchNorm are folded anew, others stay
 * @param batches inputs of the network, `[C, H, W]` each; one batch is held at a time, with two or three maps of each image
 */
export async function adaptNetwork(
  network: Network,
  batches: Iterable<Float32Array[]> | AsyncIterable<Float32Array[]>,
): Promise<Network> {
  const running = new Map<string, RunningStatistics>();
  for await (const images of batches) {
    await forwardBatch(network, images, ({ output, norm }, statistics) => {
      const sums = running.get(output) ?? new RunningStatistics(norm.gain.length);
      running.set(output, sums);
      sums.add(statistics);
    });
  }
  const layers = network.layers.map((layer) => {
    const statistics = running.get(layer.output)?.result();
    return isNormed(layer) && statistics ? refold(layer, statistics) : layer;
  });
  return { ...network, layers };
}
