import { memo, useEffect, useRef } from "react";
import type { Mask } from "../../src/explain/attention-map.ts";
import type { DrawnMap } from "./map-cells.tsx";
import { colsOf, maskAt, rowsOf, weightAt } from "./reading.ts";

/** The cells of a large map as pixels, sharp on every screen. */
export const MapCanvas = memo(function MapCanvas({ view, layout, shades, theme }: DrawnMap) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { left, top, cellWidth, cellHeight, gap } = layout;
  const [width, height] = [colsOf(view) * cellWidth, rowsOf(view) * cellHeight];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours of masks change with the theme
  useEffect(() => {
    const pen = canvas.current?.getContext("2d");
    if (!pen) return;
    const ratio = window.devicePixelRatio || 1;
    pen.canvas.width = Math.round(width * ratio);
    pen.canvas.height = Math.round(height * ratio);
    pen.scale(ratio, ratio);
    const masks: Readonly<Record<Mask, CanvasPattern | string>> = maskPatterns(pen);
    for (let row = 0; row < rowsOf(view); row++) {
      for (let col = 0; col < colsOf(view); col++) {
        const mask = maskAt(view, { row, col });
        pen.fillStyle = mask ? masks[mask] : shades.scale.colour(shades.shade(row, weightAt(view, { row, col })));
        pen.fillRect(col * cellWidth + gap / 2, row * cellHeight + gap / 2, cellWidth - gap, cellHeight - gap);
      }
    }
  }, [view, shades, theme, width, height, cellWidth, cellHeight, gap]);
  return <canvas ref={canvas} className="map-pixels" style={{ left, top, width, height }} />;
});

/** The patterns of {@link MaskPatterns} for a canvas. */
function maskPatterns(pen: CanvasRenderingContext2D): Record<Mask, CanvasPattern | string> {
  const style = getComputedStyle(pen.canvas);
  const [ground, ink] = [style.getPropertyValue("--mask"), style.getPropertyValue("--mask-ink")];
  const tile = (side: number, draw: (on: CanvasRenderingContext2D) => void) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = side;
    const on = canvas.getContext("2d");
    if (!on) return ground;
    on.fillStyle = ground;
    on.fillRect(0, 0, side, side);
    on.fillStyle = on.strokeStyle = ink;
    draw(on);
    return pen.createPattern(canvas, "repeat") ?? ground;
  };
  return {
    future: tile(7, (on) => {
      on.lineWidth = 0.85;
      on.stroke(new Path2D("M-1 8L8 -1M-1 1L1 -1M6 8L8 6"));
    }),
    padding: tile(6, (on) => {
      for (const at of [1.5, 4.5]) {
        on.beginPath();
        on.arc(at, at, 1, 0, 2 * Math.PI);
        on.fill();
      }
    }),
  };
}
