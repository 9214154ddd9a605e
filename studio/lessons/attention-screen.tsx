import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useStudio } from "../app/studio-context.tsx";
import { percent, signed } from "../drawing/numbers.ts";
import { Grip } from "./grip.tsx";
import { Lesson } from "./lesson.tsx";
import type { Box } from "./picture.tsx";
import { useRamp } from "./ramp-colour.ts";
import { Caption, VectorStrip } from "./shapes.tsx";
import { mixed, softmax, strongest } from "./shares.ts";
import { chosenKind, type ShownHead, scoresOfRow, tellingRow, useShownHead } from "./shown-head.ts";
import { wholeStops } from "./stops.ts";
import { ValueBox } from "./value-box.tsx";
import { wordsInRow } from "./words-in-row.ts";

/** From −8 to 8, or further where a score is, by half; and the score itself. */
function stopsAround(scores: readonly number[], own: number): number[] {
  const most = Math.max(8, ...scores.map((score) => Math.ceil(Math.abs(score))));
  const halves = wholeStops(-2 * most, 2 * most).map((half) => half / 2);
  return [...new Set([...halves, own])].sort((a, b) => a - b);
}

const hundredth = (score: number) => Math.round(score * 100) / 100;

/** 2: scores become shares, and shares mix values. */
export function AttentionScreen() {
  const { t } = useTranslation("lessons");
  const { model } = useStudio();
  const { head, own, source, chosenRow, chosenCol } = useShownHead(2, chosenKind("enc", model));
  const row = Math.min(chosenRow ?? tellingRow(head), head.rows.length - 1);
  const given = scoresOfRow(head, row);
  const [lifted, setLifted] = useState<{ column: number; score?: number }>();
  const column = Math.min(lifted?.column ?? chosenCol ?? second(given), head.cols.length - 1);
  const score = lifted?.score ?? given[column];
  const scores = given.map((each, i) => (i === column ? score : each));
  const shares = softmax(scores);
  const word = head.cols[column];
  const handle = {
    label: t("attention.handle", { word }),
    value: hundredth(score),
    stops: stopsAround(given, hundredth(given[column])),
    onChange: (next: number) => setLifted({ column, score: next }),
    text: t("attention.score", { s: signed(score, 1) }),
  };
  return (
    <Lesson
      name="attention"
      heights={{ wide: 408, narrow: 400 }}
      own={own}
      source={source}
      says={t("attention.says", { word, s: signed(score, 1), share: percent(shares[column]) })}
      controls={
        <>
          <ValueBox {...handle} />
          <button type="button" className="button" onClick={() => setLifted({ column })}>
            {t("reset")}
          </button>
        </>
      }
      figures={[
        { label: t("attention.score_label"), value: signed(score, 1), role: "q" },
        { label: t("attention.share"), value: percent(shares[column]), role: "k" },
        { label: t("attention.others"), value: percent(1 - shares[column]) },
        { label: t("attention.sum"), value: "100%" },
      ]}
    >
      {(box) => (
        <Flow
          {...{ box, head, scores, shares, column, handle }}
          asker={head.rows[row]}
          onPick={(picked) => setLifted({ column: picked })}
        />
      )}
    </Lesson>
  );
}

/** Where the second largest value is. */
function second(values: readonly number[]): number {
  const best = strongest(values);
  return strongest(values.map((value, i) => (i === best ? Number.NEGATIVE_INFINITY : value)));
}

interface FlowProps {
  readonly box: Box;
  readonly head: ShownHead;
  readonly scores: readonly number[];
  readonly shares: readonly number[];
  readonly column: number;
  readonly asker: string;
  readonly handle: Parameters<typeof ValueBox>[0];
  readonly onPick: (column: number) => void;
}

function Flow({ box, head, scores, shares, column, asker, handle, onPick }: FlowProps) {
  const { t } = useTranslation("lessons");
  const ramp = useRamp();
  const row = wordsInRow(head.cols, { from: 8, width: box.width - 16 });
  const [top, floor] = [26, 152];
  const zero = (top + floor) / 2;
  const tallest = Math.max(8, ...scores.map(Math.abs));
  const height = (score: number) => (score / tallest) * (floor - zero - 6);
  const bar = { y: floor + 98, height: 26, x: box.width * 0.12, width: box.width * 0.76 };
  const out = mixed(head.v, shares);
  const most = Math.max(...head.v.flat().map(Math.abs));
  let run = bar.x;
  return (
    <g>
      <Caption x={8} y={14}>
        {t("attention.scores")} · q = ‘{asker}’
      </Caption>
      <line x1="8" x2={box.width - 8} y1={zero} y2={zero} stroke="var(--line)" />
      {row.words.map(({ x, width, text }, i) => {
        const size = height(scores[i]);
        const wide = Math.min(36, width * 0.7);
        const begin = run;
        const share = shares[i] * bar.width;
        run += share;
        const chosen = i === column;
        return (
          <g key={i}>
            <path
              d={`M${x - wide / 2} ${floor + 46}C${x - wide / 2} ${floor + 76} ${begin} ${bar.y - 30} ${begin} ${bar.y}L${begin + share} ${bar.y}C${begin + share} ${bar.y - 30} ${x + wide / 2} ${floor + 76} ${x + wide / 2} ${floor + 46}Z`}
              fill={ramp.fill(Math.max(0.2, shares[i]))}
              opacity="0.55"
            />
            {/* biome-ignore lint/a11y/noStaticElementInteractions: keys reach every bar through the words */}
            <rect
              className="score-bar"
              x={x - wide / 2}
              y={size >= 0 ? zero - size : zero}
              width={wide}
              height={Math.max(1, Math.abs(size))}
              rx="3"
              fill={chosen ? "var(--q)" : "var(--line2)"}
              onClick={() => onPick(i)}
            />
            <text x={x} y={size >= 0 ? zero + 16 : zero - 6} className="tick" textAnchor="middle">
              {chosen ? "" : scores[i].toFixed(1).replace("-", "−")}
            </text>
            <text
              x={x}
              y={floor + 20}
              textAnchor="middle"
              fontSize={Math.min(17, row.size)}
              fontWeight={chosen ? 700 : 550}
              fill={chosen ? "var(--q)" : "var(--ink)"}
            >
              {text}
            </text>
            <VectorStrip
              values={head.v[i]}
              x={x - width * 0.45}
              y={floor + 36}
              width={width * 0.9}
              height={20}
              fill="var(--v)"
              most={most}
              opacity={0.3 + 0.7 * shares[i]}
            />
            <rect
              x={begin}
              y={bar.y}
              width={Math.max(0, share - 1)}
              height={bar.height}
              fill={ramp.fill(Math.max(0.06, shares[i]))}
              rx="2"
            />
            {share > 34 && (
              <text
                x={begin + share / 2}
                y={bar.y + 18}
                textAnchor="middle"
                className="share"
                fill={ramp.ink(Math.max(0.06, shares[i]))}
              >
                {percent(shares[i])}
              </text>
            )}
          </g>
        );
      })}
      <Caption x={bar.x} y={bar.y + bar.height + 18} colour="k">
        {t("attention.shares")}
      </Caption>
      <VectorStrip
        values={out}
        x={box.width * 0.28}
        y={bar.y + bar.height + 66}
        width={box.width * 0.44}
        height={56}
        fill="var(--v)"
        most={Math.max(...out.map(Math.abs), most / 3)}
      />
      <Caption x={box.width / 2} y={bar.y + bar.height + 112} anchor="middle" colour="v">
        {t("attention.mixed")}
      </Caption>
      <Grip
        {...handle}
        place={(score) => [row.words[column].x, zero - height(score)]}
        area={{ x: row.words[column].x - 24, y: 0, width: 48, height: floor }}
      />
    </g>
  );
}
