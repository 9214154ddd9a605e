import { useState } from "react";
import { useTranslation } from "react-i18next";
import { positionalEncoding } from "../../src/nn/positions.ts";
import { percent } from "../drawing/numbers.ts";
import { Switch } from "./choice.tsx";
import { Grip, type Handle } from "./grip.tsx";
import { Lesson } from "./lesson.tsx";
import { type Moved, useMoved } from "./own-position.ts";
import type { Box } from "./picture.tsx";
import { largestChange } from "./places.ts";
import { useRamp } from "./ramp-colour.ts";
import { Caption, WordTile } from "./shapes.tsx";
import { wholeStops } from "./stops.ts";
import { ValueBox } from "./value-box.tsx";
import { type PlacedRow, wordsInRow } from "./words-in-row.ts";

/** Of an encoding of some width, how many of its fastest waves are drawn. */
const [WAVES, WIDTH] = [12, 32];

/** 9: a word is moved, and attention changes only because each place has its waves. */
export function PositionScreen() {
  const { t } = useTranslation("lessons");
  const [to, setTo] = useState(4);
  const [encoded, setEncoded] = useState(true);
  const { moved, own, source } = useMoved({ to, encoded });
  const count = Math.max(...moved.words) + 1;
  const change = largestChange(moved.before, moved.after);
  const word = movedText(moved);
  const points = percent(change).replace("%", "");
  const handle = {
    label: t("position.handle", { word }),
    value: moved.to + 1,
    stops: wholeStops(2, count - 1),
    onChange: (next: number) => setTo(next - 1),
    text: t("position.place", { n: moved.to + 1 }),
  };
  return (
    <Lesson
      name="position"
      heights={{ wide: 412, narrow: 340 }}
      own={own}
      source={source}
      says={t(encoded ? "position.says" : "position.saysPlain", {
        word,
        from: moved.from + 1,
        to: moved.to + 1,
        c: points,
      })}
      controls={
        <>
          <ValueBox {...handle} unit={`/ ${count}`} />
          <Switch label={t("position.encode")} on={encoded} onChange={setEncoded} />
        </>
      }
      figures={[
        { label: t("position.moved"), value: `${moved.from + 1} → ${moved.to + 1}`, role: "q" },
        { label: t("position.change"), value: t("position.points", { c: points }), role: "k" },
      ]}
    >
      {(box) => <Places {...{ box, moved, encoded, handle }} />}
    </Lesson>
  );
}

/** At which places the pieces of the moved word are. */
function movedPlaces({ words, to }: Moved): number[] {
  return words.flatMap((word, place) => (word === to ? [place] : []));
}

function movedText(moved: Moved): string {
  return movedPlaces(moved)
    .map((place) => moved.pieces[moved.order[place]])
    .join("");
}

interface PlacesProps {
  readonly box: Box;
  readonly moved: Moved;
  readonly encoded: boolean;
  readonly handle: Handle;
}

function Places({ box, moved, encoded, handle }: PlacesProps) {
  const { t } = useTranslation("lessons");
  const { pieces, order, words } = moved;
  const row = wordsInRow(
    order.map((piece) => pieces[piece]),
    { from: 8, width: box.width - 16 },
  );
  const own = movedPlaces(moved);
  const [head] = own;
  const wordAt = (place: number) => row.words[words.indexOf(place)];
  const [line, waves] = [34, 66];
  const tall = 78;
  const map = Math.min(box.height - waves - tall - 62, (box.width - 60) / 2);
  const maps = waves + tall + 40;
  const middle = box.width / 2;
  const space = Math.min(140, box.width - 2 * map - 20) / 2;
  return (
    <g>
      {row.words.map((word, i) =>
        i === head ? null : (
          <WordTile
            key={i}
            word={word}
            y={line}
            size={row.size}
            {...(own.includes(i) && { fill: "var(--q-soft)", ink: "var(--q)" })}
          />
        ),
      )}
      <Waves row={row} y={waves} height={tall} encoded={encoded} />
      <ShareMap x={middle - space - map} y={maps} size={map} attention={moved.before} against={moved.before} />
      <ShareMap x={middle + space} y={maps} size={map} attention={moved.after} against={moved.before} />
      {!box.narrow &&
        pieces.map((piece, i) => (
          <text
            key={i}
            className="tick"
            x={middle - space - map - 8}
            y={maps + ((i + 0.5) * map) / pieces.length + 4}
            textAnchor="end"
            style={{ fill: own.some((place) => order[place] === i) ? "var(--q)" : undefined }}
          >
            {piece}
          </text>
        ))}
      <Caption x={middle - space - map / 2} y={maps - 8} anchor="middle">
        {t("position.before")}
      </Caption>
      <Caption x={middle + space + map / 2} y={maps - 8} anchor="middle">
        {t("position.after")}
      </Caption>
      <path
        d={`M${middle - 14} ${maps + map / 2}h24m-8 -7l8 7l-8 7`}
        fill="none"
        stroke="var(--ink3)"
        strokeWidth="2"
        opacity={space > 24 ? 1 : 0}
      />
      <Grip
        {...handle}
        place={(at) => [wordAt(at - 1).x, line]}
        area={{ x: 0, y: line - 24, width: box.width, height: 48 }}
      >
        <MovedPill width={row.words[head].width} size={row.size} text={pieces[order[head]]} />
      </Grip>
    </g>
  );
}

function MovedPill({ width, size, text }: { width: number; size: number; text: string }) {
  const height = size * 1.9;
  return (
    <>
      <rect className="grip-reach" x={-width / 2 - 6} y="-22" width={width + 12} height="44" rx="12" />
      <rect
        className="grip-ring"
        x={-width / 2 - 5}
        y={-height / 2 - 5}
        width={width + 10}
        height={height + 10}
        rx="12"
      />
      <rect className="grip-pill" x={-width / 2} y={-height / 2} width={width} height={height} rx="8" />
      <text dy="0.36em" textAnchor="middle" fontSize={size} fontWeight="650" fill="var(--on-q)">
        {text}
      </text>
    </>
  );
}

/** The waves of each place under its word: sines and cosines from the fastest at the top. */
function Waves({ row, y, height, encoded }: { row: PlacedRow; y: number; height: number; encoded: boolean }) {
  const table = positionalEncoding(row.words.length, WIDTH);
  const step = height / WAVES;
  return (
    <g opacity={encoded ? 1 : 0.12}>
      {row.words.map(({ x, width }, place) => {
        const wide = Math.min(width, 64);
        return Array.from({ length: WAVES }, (_, wave) => {
          const value = table[place * WIDTH + wave];
          return (
            <rect
              key={`${place}.${wave}`}
              x={x - wide / 2}
              y={y + wave * step}
              width={wide}
              height={step + 0.3}
              fill="var(--ink)"
              opacity={0.06 + 0.44 * (value + 1)}
            />
          );
        });
      })}
    </g>
  );
}

interface MapProps {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly attention: Moved["before"];
  /** Cells that differ from these by a point or more get a frame. */
  readonly against: Moved["before"];
}

function ShareMap({ x, y, size, attention, against }: MapProps) {
  const ramp = useRamp();
  const cell = size / attention.length;
  return (
    <g>
      {attention.map((shares, i) =>
        shares.map((share, j) => (
          <rect
            key={`${i}.${j}`}
            x={x + j * cell + 0.6}
            y={y + i * cell + 0.6}
            width={cell - 1.2}
            height={cell - 1.2}
            rx="2.5"
            fill={ramp.fill(share)}
            stroke={Math.abs(share - against[i][j]) >= 0.01 ? "var(--q)" : "none"}
            strokeWidth="1.5"
          />
        )),
      )}
    </g>
  );
}
