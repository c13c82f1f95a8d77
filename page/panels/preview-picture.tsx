/**
 * @module
 * A small picture of an image, with the part that was kept.
 */
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Box } from "../../src/glam/contracts.ts";
import type { Size } from "../../src/glam/spec.ts";
import type { Preview } from "../worker/protocol.ts";

type PreviewProps = {
  preview: Preview;
  label: string;
  /** The part that was kept, in pixels of the image of this size. */
  crop?: { box: Box; of: Size };
};

export function PreviewPicture({ preview, label, crop }: PreviewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    const data = context.createImageData(preview.width, preview.height);
    const out = new Uint32Array(data.data.buffer);
    for (let i = 0; i < out.length; i++) out[i] = 0xff000000 | (preview.levels[i] * 0x010101);
    context.putImageData(data, 0, 0);
    if (!crop) return;
    const scale = preview.width / crop.of.width;
    context.strokeStyle = "#f2e9a0";
    context.lineWidth = Math.max(2, preview.width / 90);
    context.setLineDash([context.lineWidth * 3, context.lineWidth * 2]);
    const { left, top, width, height } = crop.box;
    const inset = context.lineWidth / 2;
    context.strokeRect(
      left * scale + inset,
      top * scale + inset,
      width * scale - 2 * inset,
      height * scale - 2 * inset,
    );
  }, [preview, crop?.box]);
  return (
    <canvas ref={canvas} class="preview" height={preview.height} width={preview.width} role="img" aria-label={label} />
  );
}
