import type { KeyboardEvent, ReactNode } from "react";
import { dragging, type Spot } from "./drag.ts";
import { nearestStop, stopAfterKey } from "./stops.ts";

/** A value that the one handle of a screen moves. */
export interface Handle {
  /** What it is. */
  readonly label: string;
  readonly value: number;
  /** All it can be, in order. */
  readonly stops: readonly number[];
  readonly onChange: (value: number) => void;
  /** The value as it is read out. Default: the number. */
  readonly text?: string;
}

interface Props extends Handle {
  /** Where the handle is at each stop. */
  readonly place: (stop: number) => Spot;
  /** Whether the next stop lies below, as in a list: then the arrow down goes there. */
  readonly downwards?: boolean;
  /** A part of the picture where pressing moves the handle too. */
  readonly area?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  /** What it looks like, around 0, 0. Default: a round knob. */
  readonly children?: ReactNode;
}

const TURNED: Readonly<Record<string, string>> = { ArrowDown: "ArrowUp", ArrowUp: "ArrowDown" };

/** The one handle of a screen, in its picture: dragged, or moved by keys. */
export function Grip({ label, value, stops, onChange, text, place, downwards, area, children }: Props) {
  const drag = dragging(([x, y]) => {
    const distance = (stop: number) => Math.hypot(place(stop)[0] - x, place(stop)[1] - y);
    onChange(stops.reduce((best, stop) => (distance(stop) < distance(best) ? stop : best)));
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const next = stopAfterKey((downwards && TURNED[event.key]) || event.key, stops, value);
    if (next === undefined) return;
    event.preventDefault();
    onChange(next);
  };
  const [x, y] = place(nearestStop(stops, value));
  return (
    <>
      {area && <rect className="grip-area" {...area} {...drag} />}
      <g
        className="grip"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={Math.min(...stops)}
        aria-valuemax={Math.max(...stops)}
        aria-valuenow={value}
        aria-valuetext={text ?? String(value)}
        transform={`translate(${x} ${y})`}
        onKeyDown={onKeyDown}
        {...drag}
      >
        {children ?? <Knob />}
      </g>
    </>
  );
}

/** The round knob of a handle. */
export function Knob() {
  return (
    <>
      <circle className="grip-reach" r="22" />
      <circle className="grip-ring" r="16" />
      <circle className="grip-knob" r="11" />
    </>
  );
}
