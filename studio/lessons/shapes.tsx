import type { ReactNode } from "react";
import type { PlacedWord } from "./words-in-row.ts";

interface TileProps {
  readonly word: PlacedWord;
  readonly y: number;
  readonly size: number;
  readonly fill?: string;
  readonly ink?: string;
  readonly stroke?: string;
}

/** A word on a tile; `y` is the middle. */
export function WordTile({ word, y, size, fill = "var(--sunken)", ink = "var(--ink)", stroke }: TileProps) {
  const height = size * 1.9;
  return (
    <g>
      <rect
        x={word.x - word.width / 2}
        y={y - height / 2}
        width={word.width}
        height={height}
        rx="8"
        fill={fill}
        stroke={stroke}
      />
      <text x={word.x} y={y} dy="0.36em" textAnchor="middle" fontSize={size} fontWeight="550" fill={ink}>
        {word.text}
      </text>
    </g>
  );
}

interface StripProps {
  readonly values: readonly number[];
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: string;
  /** The largest value that fits. Default: the largest there is. */
  readonly most?: number;
  readonly opacity?: number;
}

/** A vector as bars up and down from a line; `x` is its left edge, `y` that line. */
export function VectorStrip({ values, x, y, width, height, fill, most, opacity }: StripProps) {
  const top = most ?? Math.max(...values.map(Math.abs), 1e-9);
  const step = width / values.length;
  return (
    <g opacity={opacity}>
      <line x1={x} x2={x + width} y1={y} y2={y} stroke="var(--line)" />
      {values.map((value, i) => {
        const size = Math.max(0.75, (Math.min(1, Math.abs(value) / top) * height) / 2);
        return (
          <rect
            key={i}
            x={x + i * step + step * 0.08}
            y={value >= 0 ? y - size : y}
            width={step * 0.84}
            height={size}
            fill={fill}
            rx={Math.min(1.5, step / 4)}
          />
        );
      })}
    </g>
  );
}

interface CaptionProps {
  readonly x: number;
  readonly y: number;
  readonly anchor?: "start" | "middle" | "end";
  readonly colour?: "q" | "k" | "v" | "danger";
  readonly children: ReactNode;
}

/** A few words of a picture that name a part of it. */
export function Caption({ x, y, anchor = "start", colour, children }: CaptionProps) {
  return (
    <text className="picture-caption" x={x} y={y} textAnchor={anchor} style={colour && { fill: `var(--${colour})` }}>
      {children}
    </text>
  );
}
