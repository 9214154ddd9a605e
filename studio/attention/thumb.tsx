import { memo, useEffect, useRef } from "react";
import type { Mask } from "../../src/explain/attention-map.ts";
import type { Theme } from "../../src/explain/ramp.ts";
import { pixelOf, RAMP_PIXELS } from "../drawing/ramp-pixels.ts";

interface Props {
  /** `√weight · 255`, row by row. */
  readonly bytes: Uint8Array;
  readonly cols: number;
  readonly mask: (row: number, col: number) => Mask | undefined;
  /** Whether colours go by the square root of weights. */
  readonly root: boolean;
  readonly theme: Theme;
}

/** A head as one pixel a cell; the page makes it larger. */
export const Thumb = memo(function Thumb({ bytes, cols, mask, root, theme }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const pen = canvas.current?.getContext("2d");
    if (!pen) return;
    const rows = bytes.length / cols;
    pen.canvas.width = cols;
    pen.canvas.height = rows;
    const image = new ImageData(cols, rows);
    const pixels = new Uint32Array(image.data.buffer);
    const ramp = RAMP_PIXELS[theme];
    const style = getComputedStyle(pen.canvas);
    const ground = pixelOf(style.getPropertyValue("--mask").trim());
    const ink = pixelOf(style.getPropertyValue("--mask-ink").trim());
    for (let i = 0; i < bytes.length; i++) {
      const [row, col] = [Math.floor(i / cols), i % cols];
      if (mask(row, col)) pixels[i] = (row + col) % 3 === 0 ? ink : ground;
      else pixels[i] = ramp[root ? bytes[i] : Math.round(bytes[i] ** 2 / 255)];
    }
    pen.putImageData(image, 0, 0);
  }, [bytes, cols, mask, root, theme]);
  return <canvas ref={canvas} />;
});
