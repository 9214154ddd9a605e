import { RAMPS, type Theme } from "../../src/explain/ramp.ts";

/** A colour `#rrggbb` as a pixel of `ImageData` on a little-endian machine: `0xAABBGGRR`. */
export function pixelOf(colour: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return ((0xff << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

/** The 256 colours of each ramp as such pixels. */
export const RAMP_PIXELS: Readonly<Record<Theme, Uint32Array>> = {
  light: Uint32Array.from(RAMPS.light, pixelOf),
  dark: Uint32Array.from(RAMPS.dark, pixelOf),
};
