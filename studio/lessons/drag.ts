import type { PointerEvent } from "react";

/** A place in a picture, in its pixels. */
export type Spot = readonly [x: number, y: number];

/** Pointer events of what is dragged: tells where the pointer is, from pressing to letting go. */
export function dragging(onMove: (spot: Spot) => void) {
  const tell = (event: PointerEvent<SVGElement>) => {
    const box = event.currentTarget.ownerSVGElement!.getBoundingClientRect();
    onMove([event.clientX - box.left, event.clientY - box.top]);
  };
  return {
    onPointerDown: (event: PointerEvent<SVGElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      tell(event);
    },
    onPointerMove: (event: PointerEvent<SVGElement>) => {
      if (event.currentTarget.hasPointerCapture(event.pointerId)) tell(event);
    },
  };
}
