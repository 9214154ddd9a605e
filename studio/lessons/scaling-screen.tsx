import { useState } from "react";
import { useTranslation } from "react-i18next";
import { percent, signed } from "../drawing/numbers.ts";
import { Switch } from "./choice.tsx";
import { Lesson } from "./lesson.tsx";
import type { Box } from "./picture.tsx";
import { useRamp } from "./ramp-colour.ts";
import { deviation, headScores, histogram, randomScores } from "./scores-in-dimensions.ts";
import { Caption } from "./shapes.tsx";
import { entropyBits, softmax } from "./shares.ts";
import { tellingRow, useShownHead } from "./shown-head.ts";
import { Track } from "./track.tsx";
import { ValueBox } from "./value-box.tsx";

const STOPS = [4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512];
/** Scores from −60 to 60 are drawn; the first eight go through softmax. */
const [REACH, BINS, SHOWN] = [60, 61, 8];

/** 5: scores grow with their dimension, unless they are divided by its root. */
export function ScalingScreen() {
  const { t } = useTranslation("lessons");
  const [dimensions, setDimensions] = useState(64);
  const [divided, setDivided] = useState(false);
  const { head, own, mine, source, chosenRow } = useShownHead(5, "enc");
  const width = head.q[0].length;
  const d = mine ? Math.min(dimensions, width) : dimensions;
  const row = Math.min(chosenRow ?? tellingRow(head), head.rows.length - 1);
  const by = { dimensions: d, divided };
  const scores = mine ? headScores(head, row, by) : randomScores(by);
  const shares = softmax(scores.slice(0, mine ? Math.min(SHOWN, head.cols.length) : SHOWN));
  const spread = deviation(scores);
  const bits = entropyBits(shares);
  const handle = {
    label: t("scaling.handle"),
    value: d,
    stops: mine ? [...STOPS.filter((stop) => stop < width), width] : STOPS,
    onChange: setDimensions,
    text: t("scaling.dimensions", { d }),
  };
  const most = Math.max(...shares);
  return (
    <Lesson
      name="scaling"
      heights={{ wide: 400, narrow: 420 }}
      own={own}
      source={mine ? source : t("scaling.source")}
      says={t(divided ? "scaling.saysDivided" : "scaling.says", {
        d,
        s: signed(spread, 1),
        share: percent(most),
      })}
      controls={
        <>
          <ValueBox {...handle} />
          <Switch label={t("scaling.divide")} on={divided} onChange={setDivided} />
        </>
      }
      figures={[
        { label: t("scaling.spread"), value: signed(spread, 1) },
        { label: t("scaling.largest"), value: percent(most), role: "k" },
        { label: t("scaling.entropy"), value: t("scaling.bits", { b: signed(bits, 2) }) },
      ]}
    >
      {(box) => (
        <>
          <ScoresAndShares box={box} scores={scores} shares={shares} asker={mine ? head.rows[row] : undefined} />
          <Track {...handle} x={24} y={box.height - 38} width={box.width - 48} />
        </>
      )}
    </Lesson>
  );
}

interface PictureProps {
  readonly box: Box;
  readonly scores: readonly number[];
  readonly shares: readonly number[];
  /** Whose shares they are, of the loaded model. */
  readonly asker: string | undefined;
}

function ScoresAndShares({ box, scores, shares, asker }: PictureProps) {
  const { t } = useTranslation("lessons");
  const ramp = useRamp();
  const bottom = box.height - 84;
  const stacked = box.narrow;
  const left = {
    x: 12,
    width: stacked ? box.width - 24 : box.width * 0.52 - 24,
    top: 30,
    floor: stacked ? 150 : bottom - 20,
  };
  const right = stacked
    ? { x: 12, width: box.width - 24, top: 206, floor: bottom - 14 }
    : { x: box.width * 0.56, width: box.width * 0.44 - 16, top: 30, floor: bottom - 20 };
  const counts = histogram(scores, { from: -REACH, to: REACH, bins: BINS });
  const fullest = Math.max(...counts);
  const bin = left.width / BINS;
  const column = right.width / shares.length;
  const at = (score: number) =>
    left.x + ((Math.min(REACH, Math.max(-REACH, score)) + REACH) / (2 * REACH)) * left.width;
  return (
    <g>
      <Caption x={left.x} y={16}>
        {t("scaling.histogram", { n: scores.length })}
      </Caption>
      {counts.map((count, i) => {
        const height = (count / fullest) * (left.floor - left.top);
        return (
          <rect
            key={i}
            x={left.x + i * bin + 0.5}
            y={left.floor - height}
            width={bin - 1}
            height={height}
            rx="1.5"
            fill="var(--ink2)"
          />
        );
      })}
      <line x1={left.x} x2={left.x + left.width} y1={left.floor} y2={left.floor} stroke="var(--line2)" />
      {[-60, -30, 0, 30, 60].map((tick) => (
        <text key={tick} className="tick" x={at(tick)} y={left.floor + 16} textAnchor="middle">
          {signed(tick, 0)}
        </text>
      ))}
      {shares.map((share, i) => (
        <circle
          key={i}
          cx={at(scores[i])}
          cy={left.floor}
          r="4"
          fill={ramp.fill(Math.max(0.3, share))}
          stroke="var(--surface)"
          strokeWidth="1.5"
        />
      ))}
      <Caption x={right.x} y={right.top - 14} colour="k">
        {asker === undefined ? t("scaling.shares") : t("scaling.sharesOf", { word: asker, n: shares.length })}
      </Caption>
      {shares.map((share, i) => {
        const height = Math.max(1.5, share * (right.floor - right.top - 16));
        return (
          <g key={i}>
            <rect
              x={right.x + i * column + 3}
              y={right.top}
              width={column - 6}
              height={right.floor - right.top}
              rx="4"
              fill="var(--sunken)"
              opacity="0.7"
            />
            <rect
              x={right.x + i * column + 3}
              y={right.floor - height}
              width={column - 6}
              height={height}
              rx="4"
              fill={ramp.fill(Math.max(0.25, share))}
            />
            <text className="tick" x={right.x + (i + 0.5) * column} y={right.floor - height - 5} textAnchor="middle">
              {percent(share)}
            </text>
          </g>
        );
      })}
      <line x1={right.x} x2={right.x + right.width} y1={right.floor} y2={right.floor} stroke="var(--line2)" />
    </g>
  );
}
