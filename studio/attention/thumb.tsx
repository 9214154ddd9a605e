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

const known = new Map<Theme, { readonly ground: number; readonly ink: number }>();

/** The two colours of masks, read from the page once a theme: each reading has the browser lay out what has changed. */
function maskPixels(theme: Theme) {
  const colours = known.get(theme);
  if (colours) return colours;
  const style = getComputedStyle(document.documentElement);
  const [ground, ink] = ["--mask", "--mask-ink"].map((name) => pixelOf(style.getPropertyValue(name).trim()));
  known.set(theme, { ground, ink });
  return { ground, ink };
}

/** A head as one pixel a cell; the page makes it larger. */
export const Thumb = memo(function Thumb({ bytes, cols, mask, root, theme }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    // So small a picture is soonest there where it is not kept on a graphics card.
    const pen = canvas.current?.getContext("2d", { willReadFrequently: true });
    if (!pen) return;
    const rows = bytes.length / cols;
    pen.canvas.width = cols;
    pen.canvas.height = rows;
    const image = new ImageData(cols, rows);
    const pixels = new Uint32Array(image.data.buffer);
    const ramp = RAMP_PIXELS[theme];
    const { ground, ink } = maskPixels(theme);
    for (let i = 0; i < bytes.length; i++) {
      const [row, col] = [Math.floor(i / cols), i % cols];
      if (mask(row, col)) pixels[i] = (row + col) % 3 === 0 ? ink : ground;
      else pixels[i] = ramp[root ? bytes[i] : Math.round(bytes[i] ** 2 / 255)];
    }
    pen.putImageData(image, 0, 0);
  }, [bytes, cols, mask, root, theme]);
  return <canvas ref={canvas} />;
});
