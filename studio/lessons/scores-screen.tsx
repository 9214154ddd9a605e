import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { signed } from "../drawing/numbers.ts";
import { pixelOf } from "../drawing/ramp-pixels.ts";
import { Choice } from "./choice.tsx";
import { dragging } from "./drag.ts";
import { Knob } from "./grip.tsx";
import { Lesson } from "./lesson.tsx";
import type { Box } from "./picture.tsx";
import { useRamp } from "./ramp-colour.ts";
import { bahdanauScore, dotScore, scoreField, type Vector } from "./score-fields.ts";
import { Caption } from "./shapes.tsx";
import { SHIPPED } from "./shipped.ts";
import { wholeStops } from "./stops.ts";
import { ValueBox } from "./value-box.tsx";

const learnt = bahdanauScore(SHIPPED.scores);
const KEY: Vector = [0.55, 0.45];
const STOPS = wholeStops(-20, 20).map((step) => step / 20);
/** Places of the field along a side. */
const SIDE = 140;
/** How many bands the field is drawn in. */
const BANDS = 12;

const MOVES: Readonly<Record<string, Vector>> = {
  ArrowRight: [0.05, 0],
  ArrowLeft: [-0.05, 0],
  ArrowUp: [0, 0.05],
  ArrowDown: [0, -0.05],
};

/** 3: two ways to score, as fields behind two arrows. */
export function ScoresScreen() {
  const { t } = useTranslation("lessons");
  const [formula, setFormula] = useState<"dot" | "bahdanau">("dot");
  const [query, setQuery] = useState<Vector>([0.7, 0.1]);
  const score = formula === "dot" ? dotScore : learnt;
  const field = scoreField(score, query, SIDE);
  const value = score(query, KEY);
  const best = Math.max(...field);
  const change = ([x, y]: Vector) => {
    const inside = (number: number) => Math.round(20 * Math.min(1, Math.max(-1, number))) / 20;
    setQuery([inside(x), inside(y)]);
  };
  const part = (axis: 0 | 1) => ({
    label: t(axis === 0 ? "scores.across" : "scores.up"),
    value: query[axis],
    stops: STOPS,
    onChange: (number: number) => change(axis === 0 ? [number, query[1]] : [query[0], number]),
  });
  return (
    <Lesson
      name="scores"
      heights={{ wide: 400, narrow: 360 }}
      source={t("scores.source")}
      says={t(formula === "dot" ? "scores.saysDot" : "scores.saysBahdanau", {
        x: signed(query[0]),
        y: signed(query[1]),
        s: signed(value),
        best: signed(best),
      })}
      controls={
        <>
          <ValueBox {...part(0)} />
          <ValueBox {...part(1)} />
          <Choice
            label={t("scores.formulas")}
            value={formula}
            onChange={setFormula}
            options={[
              ["dot", t("scores.dot")],
              ["bahdanau", t("scores.bahdanau")],
            ]}
          />
        </>
      }
      figures={[
        { label: "q", value: `${signed(query[0])}, ${signed(query[1])}`, role: "q" },
        { label: "k", value: `${signed(KEY[0])}, ${signed(KEY[1])}`, role: "k" },
        { label: t("scores.score"), value: signed(value) },
        { label: t("scores.best"), value: signed(best) },
      ]}
    >
      {(box) => <Plane box={box} field={field} query={query} onMove={change} />}
    </Lesson>
  );
}

interface PlaneProps {
  readonly box: Box;
  readonly field: readonly number[];
  readonly query: Vector;
  readonly onMove: (query: Vector) => void;
}

function Plane({ box, field, query, onMove }: PlaneProps) {
  const { t } = useTranslation("lessons");
  const ramp = useRamp();
  const side = Math.min(box.width - 24, box.height - 48);
  const [left, top] = [(box.width - side) / 2, 8];
  const [least, most] = [Math.min(...field), Math.max(...field)];
  const band = (value: number) =>
    Math.min(BANDS - 1, Math.floor((BANDS * (value - least)) / (most - least || 1))) / (BANDS - 1);
  const at = ([x, y]: Vector): Vector => [left + ((x + 1) / 2) * side, top + ((1 - y) / 2) * side];
  const drag = dragging(([x, y]) => onMove([(2 * (x - left)) / side - 1, 1 - (2 * (y - top)) / side]));
  const onKeyDown = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    onMove([query[0] + move[0], query[1] + move[1]]);
  };
  const middle = at([0, 0]);
  const [tip, key] = [at(query), at(KEY)];
  return (
    <g>
      <clipPath id="plane">
        <rect x={left} y={top} width={side} height={side} rx="14" />
      </clipPath>
      <g clipPath="url(#plane)">
        <image
          href={paintedField(field, (value) => ramp.fill(0.75 * band(value)))}
          x={left}
          y={top}
          width={side}
          height={side}
          preserveAspectRatio="none"
        />
        <rect className="grip-area" x={left} y={top} width={side} height={side} {...drag} />
      </g>
      <Arrow from={middle} to={key} colour="var(--k)" />
      <Arrow from={middle} to={tip} colour="var(--q)" />
      <circle cx={middle[0]} cy={middle[1]} r="4" fill="var(--ink)" />
      <Letter at={key} colour="var(--k)">
        k
      </Letter>
      <g
        className="grip"
        role="slider"
        tabIndex={0}
        aria-label={t("scores.handle")}
        aria-valuemin={-1}
        aria-valuemax={1}
        aria-valuenow={query[0]}
        aria-valuetext={t("scores.place", { x: signed(query[0]), y: signed(query[1]) })}
        transform={`translate(${tip[0]} ${tip[1]})`}
        onKeyDown={onKeyDown}
        {...drag}
      >
        <Knob />
        <text y="5" textAnchor="middle" className="knob-letter">
          q
        </text>
      </g>
      <Caption x={left} y={top + side + 22}>
        {t("scores.low")}
      </Caption>
      <Caption x={left + side} y={top + side + 22} anchor="end">
        {t("scores.high")}
      </Caption>
      {Array.from({ length: BANDS }, (_, i) => (
        <rect
          key={i}
          x={left + side / 2 - 66 + i * 11}
          y={top + side + 12}
          width="11"
          height="10"
          fill={ramp.fill((0.75 * i) / (BANDS - 1))}
        />
      ))}
    </g>
  );
}

/** A field as a picture, a pixel a place. */
function paintedField(field: readonly number[], colour: (value: number) => string): string {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [SIDE, SIDE];
  const paint = canvas.getContext("2d")!;
  const pixels = paint.createImageData(SIDE, SIDE);
  new Uint32Array(pixels.data.buffer).set(field.map((value) => pixelOf(colour(value))));
  paint.putImageData(pixels, 0, 0);
  return canvas.toDataURL();
}

function Arrow({ from, to, colour }: { from: Vector; to: Vector; colour: string }) {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  // The head ends where the knob begins.
  const reach = Math.max(0, Math.hypot(to[0] - from[0], to[1] - from[1]) - 11);
  const tip: Vector = [from[0] + reach * Math.cos(angle), from[1] + reach * Math.sin(angle)];
  const wing = (turn: number) => `${tip[0] - 13 * Math.cos(angle + turn)} ${tip[1] - 13 * Math.sin(angle + turn)}`;
  return (
    <g stroke="var(--surface)" strokeWidth="7" strokeLinecap="round" strokeLinejoin="round" fill="none">
      {["halo", "line"].map((layer) => (
        <path
          key={layer}
          d={`M${from[0]} ${from[1]}L${tip[0]} ${tip[1]}M${wing(0.45)}L${tip[0]} ${tip[1]}L${wing(-0.45)}`}
          {...(layer === "line" && { stroke: colour, strokeWidth: 3.5 })}
        />
      ))}
    </g>
  );
}

function Letter({ at, colour, children }: { at: Vector; colour: string; children: string }) {
  return (
    <g transform={`translate(${at[0]} ${at[1]})`}>
      <circle r="11" fill={colour} stroke="var(--surface)" strokeWidth="2" />
      <text y="5" textAnchor="middle" className="knob-letter">
        {children}
      </text>
    </g>
  );
}
