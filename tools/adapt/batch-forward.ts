/**
 * @module
 * A batch of images through a network layer by layer, as PyTorch does in training: every BatchNorm takes the statistics of the batch.
 * Layers without BatchNorm run in onnxruntime-web, image by image; a map lives until its last reader has it.
 */
import { emitOnnx } from "../onnx/emit.ts";
import { inferShapes, type Layer, layerInputs, type MapShape, type Network } from "../onnx/network.ts";
import { openModel } from "../onnx/session.ts";
import { isNormed, type NormedLayer, normalisation } from "./refold.ts";
import { type BatchStatistics, batchStatistics } from "./statistics.ts";

/** Layers that every image goes through on its own, and the BatchNorm that then waits for all of them. */
type Step = { plain: Layer[]; norm: NormedLayer };

/** The maps of one image, `[C, H, W]` each. */
class ImageMaps {
  private readonly maps = new Map<string, Float32Array>();
  private readonly reads: Map<string, number>;

  /** @param reads how often each map will be taken */
  constructor(reads: ReadonlyMap<string, number>) {
    this.reads = new Map(reads);
  }

  set(name: string, map: Float32Array): void {
    this.maps.set(name, map);
  }

  /** A map, without taking it. */
  look(name: string): Float32Array {
    const map = this.maps.get(name);
    if (!map) throw new Error(`there is no map ${name}`);
    return map;
  }

  /** A map for one of its readers; after the last one it is dropped. */
  take(name: string): Float32Array {
    const map = this.look(name);
    const left = (this.reads.get(name) ?? 0) - 1;
    this.reads.set(name, left);
    if (left <= 0) this.maps.delete(name);
    return map;
  }
}

/** The input of a BatchNorm: of a convolution, its output without bias. */
const normalised = (layer: NormedLayer): string => (layer.op === "conv" ? `${layer.output}.bare` : layer.input);

/** Up to the last BatchNorm; what follows it is in no step. */
function stepsOf({ layers }: Network): Step[] {
  const steps: Step[] = [];
  let plain: Layer[] = [];
  for (const layer of layers) {
    if (!isNormed(layer)) {
      plain.push(layer);
      continue;
    }
    if (layer.op === "conv") {
      const bare = { output: normalised(layer), bias: new Float32Array(layer.outChannels), relu: false };
      plain.push({ ...layer, ...bare });
    }
    steps.push({ plain, norm: layer });
    plain = [];
  }
  return steps;
}

function countReads(steps: readonly Step[]): Map<string, number> {
  const reads = new Map<string, number>();
  const names = steps.flatMap(({ plain, norm }) => [...plain.flatMap(layerInputs), normalised(norm)]);
  for (const name of names) reads.set(name, (reads.get(name) ?? 0) + 1);
  return reads;
}

/** Lower bound of a layer's output. */
const lowest = (relu: boolean): number => (relu ? 0 : Number.NEGATIVE_INFINITY);

/** `a + b`, in a new map. */
function sum([a, b]: readonly Float32Array[], low: number): Float32Array {
  const out = new Float32Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = Math.max(low, a[i] + b[i]);
  return out;
}

/** One layer, ready to run on many images; models here have one input, so sums are none. */
async function openLayer(layer: Layer, shape: MapShape) {
  if (layer.op === "add") {
    const low = lowest(layer.relu);
    return { run: async (inputs: Float32Array[]) => sum(inputs, low), release: async () => undefined };
  }
  const [name] = layerInputs(layer);
  const network = { name: "layer", input: { name, ...shape }, outputs: [layer.output], layers: [layer] };
  const model = await openModel(emitOnnx(network), [1, shape.channels, shape.height, shape.width]);
  return {
    run: async ([input]: Float32Array[]) => (await model.run(input)).get(layer.output) ?? new Float32Array(),
    release: model.release,
  };
}

function scaled(map: Float32Array, { scale, shift }: ReturnType<typeof normalisation>, relu: boolean): Float32Array {
  const area = map.length / scale.length;
  const low = lowest(relu);
  const out = new Float32Array(map.length);
  for (let c = 0; c < scale.length; c++) {
    for (let i = c * area; i < (c + 1) * area; i++) out[i] = Math.max(low, map[i] * scale[c] + shift[c]);
  }
  return out;
}

/**
 * @param images inputs of the network, `[C, H, W]` each; released once they are read
 * @param seen gets the batch's statistics of every BatchNorm that the network's layers know, in order
 */
export async function forwardBatch(
  network: Network,
  images: readonly Float32Array[],
  seen: (layer: NormedLayer, statistics: BatchStatistics) => void,
): Promise<void> {
  const shapes = inferShapes(network);
  const steps = stepsOf(network);
  const reads = countReads(steps);
  const batch = images.map((image) => {
    const maps = new ImageMaps(reads);
    maps.set(network.input.name, image);
    return maps;
  });
  for (const { plain, norm } of steps) {
    const open = await Promise.all(plain.map((layer) => openLayer(layer, shapeOf(shapes, layerInputs(layer)[0]))));
    for (const maps of batch) {
      for (const [i, layer] of plain.entries()) {
        maps.set(layer.output, await open[i].run(layerInputs(layer).map((name) => maps.take(name))));
      }
    }
    for (const { release } of open) await release();
    const from = normalised(norm);
    const statistics = batchStatistics(
      batch.map((maps) => maps.look(from)),
      norm.norm.gain.length,
    );
    seen(norm, statistics);
    for (const maps of batch)
      maps.set(norm.output, scaled(maps.take(from), normalisation(norm, statistics), norm.relu));
  }
}

function shapeOf(shapes: ReadonlyMap<string, MapShape>, name: string): MapShape {
  const shape = shapes.get(name);
  if (!shape) throw new Error(`there is no tensor ${name}`);
  return shape;
}
