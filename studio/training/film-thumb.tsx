import { useEffect, useRef } from "react";
import { useStore } from "../app/store.ts";
import { theme } from "../app/theme.ts";
import { RAMP_PIXELS } from "../drawing/ramp-pixels.ts";
import { type FilmHead, type FilmReel, frameWeights } from "./film-frames.ts";

interface Props {
  readonly film: FilmReel;
  readonly frame: number;
  readonly head: FilmHead;
}

/** A frame as one pixel a cell; the page makes it larger. */
export function FilmThumb({ film, frame, head }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const now = useStore(theme);
  useEffect(() => {
    const pen = canvas.current?.getContext("2d");
    if (!pen) return;
    const { rows, cols } = film.header;
    pen.canvas.width = cols;
    pen.canvas.height = rows;
    const image = new ImageData(cols, rows);
    const pixels = new Uint32Array(image.data.buffer);
    frameWeights(film, frame, head).forEach((weight, i) => {
      pixels[i] = RAMP_PIXELS[now][Math.round(255 * weight)];
    });
    pen.putImageData(image, 0, 0);
  }, [film, frame, head, now]);
  return <canvas ref={canvas} />;
}
