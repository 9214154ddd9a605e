import { useState } from "react";
import { useTranslation } from "react-i18next";
import { textWidth } from "../../src/charts/text-block.ts";
import { MASK_PATTERN, MaskPatterns } from "../drawing/mask-patterns.tsx";
import { percent } from "../drawing/numbers.ts";
import { Grip, type Handle, Knob } from "./grip.tsx";
import { Lesson } from "./lesson.tsx";
import { leaked, maskedShares } from "./masked-shares.ts";
import type { Box } from "./picture.tsx";
import { useRamp } from "./ramp-colour.ts";
import { softmax } from "./shares.ts";
import { type ShownHead, scoresOfRow, useShownHead } from "./shown-head.ts";
import { wholeStops } from "./stops.ts";
import { ValueBox } from "./value-box.tsx";

/** 8: a sentence is written row by row, and what comes later is hidden. */
export function LookAheadScreen() {
  const { t } = useTranslation("lessons");
  const { head, own, source, chosenRow } = useShownHead(8, "dec");
  const [chosen, setChosen] = useState<number>();
  const count = head.rows.length;
  const now = Math.min(chosen ?? (chosenRow === undefined ? 4 : chosenRow + 1), count);
  const scores = scoresOfRow(head, now - 1);
  const peeked = leaked(softmax(scores), now);
  const word = head.rows[now - 1];
  const handle = {
    label: t("lookAhead.handle"),
    value: now,
    stops: wholeStops(1, count),
    onChange: setChosen,
    text: t("lookAhead.place", { n: now, word }),
  };
  return (
    <Lesson
      name="lookAhead"
      heights={{ wide: 408, narrow: 400 }}
      own={own}
      source={source}
      says={t("lookAhead.says", { word, n: now, m: count - now, p: percent(peeked) })}
      controls={<ValueBox {...handle} unit={`/ ${count} · ${word}`} />}
      figures={[
        { label: t("lookAhead.seen"), value: String(now), role: "k" },
        { label: t("lookAhead.hidden"), value: String(count - now) },
        { label: t("lookAhead.peeked"), value: percent(peeked), role: "danger" },
      ]}
    >
      {(box) => <Triangle box={box} head={head} now={now} handle={handle} />}
    </Lesson>
  );
}

interface TriangleProps {
  readonly box: Box;
  readonly head: ShownHead;
  readonly now: number;
  readonly handle: Handle;
}

function Triangle({ box, head, now, handle }: TriangleProps) {
  const ramp = useRamp();
  const count = head.rows.length;
  const label = Math.max(...head.rows.map((word) => textWidth(word, { size: box.narrow ? 12 : 15 })));
  const gutter = label + 50;
  const top = Math.min(84, 22 + label * 0.75);
  const cell = (box.height - top - 8) / count;
  const wide = Math.min(cell * 1.6, (box.width - gutter - (box.narrow ? 14 : 60)) / count);
  const left = Math.max(gutter, (box.width - wide * count + gutter - 60) / 2);
  const size = Math.min(box.narrow ? 12 : 15, cell * 0.55);
  return (
    <g>
      <MaskPatterns />
      {head.cols.map((word, j) => (
        <text
          key={j}
          transform={`translate(${left + (j + 0.5) * wide} ${top - 8}) rotate(-40)`}
          fontSize={size}
          fontWeight="550"
          fill={j < now ? "var(--k)" : "var(--ink3)"}
        >
          {word}
        </text>
      ))}
      {head.rows.map((word, i) => {
        const written = i < now;
        const shares = maskedShares({ scores: scoresOfRow(head, i), allowed: i + 1 });
        const y = top + i * cell;
        return (
          <g key={i}>
            <text
              x={left - 46}
              y={y + cell / 2}
              dy="0.36em"
              textAnchor="end"
              fontSize={size}
              fontWeight={i === now - 1 ? 700 : 550}
              fill={i === now - 1 ? "var(--q)" : written ? "var(--ink)" : "var(--ink3)"}
            >
              {word}
            </text>
            {shares.map((share, j) => {
              const place = { x: left + j * wide + 0.6, y: y + 0.6, width: wide - 1.2, height: cell - 1.2, rx: 3 };
              return (
                <g key={j} opacity={written ? 1 : 0.28}>
                  <rect
                    {...place}
                    fill={j > i ? `url(#${MASK_PATTERN.future})` : written ? ramp.fill(share) : "var(--sunken)"}
                  />
                  {written && j <= i && share >= 0.03 && cell > 22 && wide > 26 && (
                    <text
                      x={place.x + place.width / 2}
                      y={y + cell / 2}
                      dy="0.36em"
                      textAnchor="middle"
                      fontSize="12"
                      fontWeight="600"
                      fill={ramp.ink(share)}
                    >
                      {Math.round(100 * share)}
                    </text>
                  )}
                </g>
              );
            })}
          </g>
        );
      })}
      <rect
        x={left - 2}
        y={top + (now - 1) * cell - 1}
        width={wide * count + 4}
        height={cell + 2}
        rx="5"
        fill="none"
        stroke="var(--q)"
        strokeWidth="2"
      />
      <Grip
        {...handle}
        downwards
        place={(place) => [left - 22, top + (place - 0.5) * cell]}
        area={{ x: left - 44, y: top, width: 44 + wide * count, height: cell * count }}
      >
        <Knob />
      </Grip>
    </g>
  );
}
