import { useState } from "react";
import { useTranslation } from "react-i18next";
import { grouped } from "../drawing/numbers.ts";
import { Lesson } from "./lesson.tsx";
import { pathAndPairs } from "./path-cost.ts";
import type { Box } from "./picture.tsx";
import { useRamp } from "./ramp-colour.ts";
import { Caption } from "./shapes.tsx";
import { SHIPPED } from "./shipped.ts";
import { Track } from "./track.tsx";
import { ValueBox } from "./value-box.tsx";

const { costs } = SHIPPED;

/** 13: from the first word to the last step by step, or at once at the price of all pairs. */
export function PathScreen() {
  const { t } = useTranslation("lessons");
  const [length, setLength] = useState(64);
  const { recurrentHops, pairs } = pathAndPairs(length);
  const at = costs.lengths.indexOf(length);
  const micro = (value: number) => `${Number(value.toPrecision(3))} µs`;
  const handle = {
    label: t("path.handle"),
    value: length,
    stops: costs.lengths,
    onChange: setLength,
    text: t("path.words", { n: grouped(length) }),
  };
  return (
    <Lesson
      name="path"
      heights={{ wide: 408, narrow: 440 }}
      source={t("path.source", { d: costs.width })}
      says={t("path.says", { n: grouped(length), h: grouped(recurrentHops), p: grouped(pairs) })}
      controls={<ValueBox {...handle} unit={t("path.unit")} />}
      figures={[
        { label: t("path.rnnHops"), value: t("path.hops", { n: grouped(recurrentHops) }) },
        { label: t("path.attentionHops"), value: t("path.oneHop"), role: "k" },
        { label: t("path.pairs"), value: grouped(pairs), role: "k" },
        { label: t("path.rnnCost"), value: micro(costs.recurrent[at]) },
        { label: t("path.attentionCost"), value: micro(costs.attention[at]), role: "k" },
      ]}
    >
      {(box) => (
        <>
          <Ways box={box} length={length} />
          {!box.narrow && <Times box={box} at={at} />}
          <Track
            {...handle}
            x={24}
            y={box.height - 38}
            width={box.width - 48}
            marks={Object.fromEntries(costs.lengths.map((each) => [each, grouped(each)]))}
          />
        </>
      )}
    </Lesson>
  );
}

/** The most words that are drawn one by one, and pairs that are drawn as cells. */
const [MOST_DOTS, MOST_CELLS] = [64, 32];

function Ways({ box, length }: { box: Box; length: number }) {
  const { t } = useTranslation("lessons");
  const ramp = useRamp();
  const stacked = box.narrow;
  const grid = stacked ? 130 : Math.min(250, box.height - 150);
  const chain = { left: 20, right: stacked ? box.width - 20 : box.width - grid - 90 };
  const line = stacked ? 132 : 168;
  const dots = Math.min(length, MOST_DOTS);
  const x = (i: number) => chain.left + ((chain.right - chain.left) * i) / (dots - 1);
  const step = (chain.right - chain.left) / (dots - 1);
  const place = stacked ? { x: (box.width - grid) / 2, y: 224 } : { x: box.width - grid - 20, y: 40 };
  // Squares side by side grow with the logarithm, so that the smallest can still be seen.
  const shown = grid * (0.28 + 0.72 * (Math.log2(length / 16) / 7));
  const cells = Math.min(length, MOST_CELLS);
  return (
    <g>
      <path
        d={`M${chain.left} ${line - 8}C${chain.left + 20} ${line - 130} ${chain.right - 20} ${line - 130} ${chain.right} ${line - 8}`}
        fill="none"
        stroke="var(--k)"
        strokeWidth="4"
        strokeLinecap="round"
      />
      <Caption x={(chain.left + chain.right) / 2} y={line - 112} anchor="middle" colour="k">
        {t("path.arc")}
      </Caption>
      {Array.from({ length: dots - 1 }, (_, i) => (
        <path
          key={i}
          d={`M${x(i)} ${line + 6}Q${x(i) + step / 2} ${line + 8 + Math.min(26, step * 0.9)} ${x(i + 1)} ${line + 6}`}
          fill="none"
          stroke="var(--ink3)"
          strokeWidth={Math.max(1, Math.min(2.4, step / 7))}
        />
      ))}
      {Array.from({ length: dots }, (_, i) => (
        <circle
          key={i}
          cx={x(i)}
          cy={line}
          r={i === 0 || i === dots - 1 ? 7 : Math.max(1.4, Math.min(5, step / 3.2))}
          fill={i === 0 ? "var(--k)" : i === dots - 1 ? "var(--q)" : "var(--line2)"}
        />
      ))}
      <Caption x={(chain.left + chain.right) / 2} y={line + 50} anchor="middle">
        {t("path.chain", { n: grouped(length - 1) })}
        {length > MOST_DOTS ? ` ${t("path.each", { n: length / MOST_DOTS })}` : ""}
      </Caption>
      <Caption x={place.x + grid / 2} y={place.y - 12} anchor="middle" colour="k">
        {t("path.grid", { n: grouped(length) })}
      </Caption>
      <g transform={`translate(${place.x + (grid - shown) / 2} ${place.y + (stacked ? 0 : (grid - shown) / 2)})`}>
        <rect width={shown} height={shown} rx="4" fill={ramp.fill(0.1 + 0.75 * (Math.log2(length / 16) / 7))} />
        <path
          d={Array.from({ length: cells + 1 }, (_, i) => {
            const at = ((shown * i) / cells).toFixed(2);
            return `M${at} 0V${shown}M0 ${at}H${shown}`;
          }).join("")}
          stroke="var(--surface)"
          strokeWidth="0.8"
          opacity={0.5}
        />
      </g>
    </g>
  );
}

/** What a word costs, on one scale for all lengths. */
function Times({ box, at }: { box: Box; at: number }) {
  const { t } = useTranslation("lessons");
  const most = Math.max(...costs.recurrent, ...costs.attention);
  const [left, room] = [190, box.width - Math.min(250, box.height - 150) - 90 - 190 - 70];
  const rows = [
    { name: t("path.rnnCost"), value: costs.recurrent[at], fill: "var(--ink3)" },
    { name: t("path.attentionCost"), value: costs.attention[at], fill: "var(--k)" },
  ];
  return (
    <g>
      {rows.map(({ name, value, fill }, i) => {
        const y = 266 + i * 34;
        return (
          <g key={name}>
            <text className="picture-caption" x={left - 12} y={y + 13} textAnchor="end">
              {name}
            </text>
            <rect x={left} y={y} width={room} height="18" rx="4" fill="var(--sunken)" />
            <rect
              className="ribbon"
              x={left}
              y={y}
              width={Math.max(2, (room * value) / most)}
              height="18"
              rx="4"
              fill={fill}
            />
            <text className="tick" x={left + room + 8} y={y + 13}>
              {`${Number(value.toPrecision(3))} µs`}
            </text>
          </g>
        );
      })}
    </g>
  );
}
