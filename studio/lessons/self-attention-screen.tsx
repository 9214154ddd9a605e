import { useState } from "react";
import { useTranslation } from "react-i18next";
import { percent, wholePercent } from "../drawing/numbers.ts";
import { ribbonsOf } from "../drawing/ribbons.ts";
import { Grip, type Handle } from "./grip.tsx";
import { Lesson } from "./lesson.tsx";
import type { Box } from "./picture.tsx";
import { useRamp } from "./ramp-colour.ts";
import { Caption, VectorStrip, WordTile } from "./shapes.tsx";
import { mixed, softmax, strongest } from "./shares.ts";
import { type ShownHead, scoresOfRow, tellingRow, useShownHead } from "./shown-head.ts";
import { wholeStops } from "./stops.ts";
import { ValueBox } from "./value-box.tsx";
import { wordsInRow } from "./words-in-row.ts";

/** 4: each word asks with its q, is found by its k, and gives its v. */
export function SelfAttentionScreen() {
  const { t } = useTranslation("lessons");
  const { head, own, source, chosenRow } = useShownHead(4, "enc");
  const [chosen, setChosen] = useState<number>();
  const row = Math.min(chosen ?? chosenRow ?? tellingRow(head), head.rows.length - 1);
  const shares = softmax(scoresOfRow(head, row));
  const best = strongest(shares);
  const handle = {
    label: t("selfAttention.handle"),
    value: row + 1,
    stops: wholeStops(1, head.rows.length),
    onChange: (place: number) => setChosen(place - 1),
    text: head.rows[row],
  };
  return (
    <Lesson
      name="selfAttention"
      heights={{ wide: 408, narrow: 424 }}
      own={own}
      source={source}
      says={t("selfAttention.says", { word: head.rows[row], seen: head.cols[best], share: percent(shares[best]) })}
      controls={<ValueBox {...handle} unit={`/ ${head.rows.length} · ${head.rows[row]}`} />}
      figures={[
        { label: t("selfAttention.asks"), value: head.rows[row], role: "q" },
        { label: t("selfAttention.most"), value: `${head.cols[best]} ${percent(shares[best])}`, role: "k" },
        { label: t("selfAttention.itself"), value: percent(shares[row]) },
      ]}
    >
      {(box) => <Cards {...{ box, head, row, shares, handle }} />}
    </Lesson>
  );
}

interface CardsProps {
  readonly box: Box;
  readonly head: ShownHead;
  readonly row: number;
  readonly shares: readonly number[];
  readonly handle: Handle;
}

function Cards({ box, head, row, shares, handle }: CardsProps) {
  const { t } = useTranslation("lessons");
  const ramp = useRamp();
  const { words, size } = wordsInRow(head.cols, { from: 10, width: box.width - 20 });
  const asker = words[row];
  const bar = box.narrow ? 76 : 104;
  const [asking, near, far, labels, values] = [40, 108, 208, 240, 300];
  const from = Math.min(box.width - bar / 2 - 8, Math.max(bar / 2 + 8, asker.x));
  const ribbons = ribbonsOf(shares, { from, to: words.map(({ x }) => x), whole: bar, near, far, direction: "row" });
  const most = (rows: ShownHead["q"]) => Math.max(...rows.flat().map(Math.abs));
  const [mostQ, mostK, mostV] = [most(head.q), most(head.k), most(head.v)];
  const out = mixed(head.v, shares);
  return (
    <g>
      {ribbons.map(({ index, path, weight }) => (
        <path key={index} className="ribbon" d={path} fill={ramp.fill(Math.max(0.2, weight))} opacity="0.9" />
      ))}
      <rect x={from - bar / 2} y={near - 5} width={bar} height="5" rx="2.5" fill="var(--q)" />
      <VectorStrip
        values={head.q[row]}
        x={from - bar / 2}
        y={near - 26}
        width={bar}
        height={32}
        fill="var(--q)"
        most={mostQ}
      />
      <Caption x={from + bar / 2 + 8} y={near - 20} colour="q">
        q
      </Caption>
      {words.map((word, i) => {
        const wide = Math.min(word.width, 92);
        return (
          <g key={i}>
            <VectorStrip
              values={head.k[i]}
              x={word.x - wide / 2}
              y={far + 12}
              width={wide}
              height={22}
              fill="var(--k)"
              most={mostK}
            />
            <WordTile word={word} y={labels + 14} size={size} fill={ramp.fill(shares[i])} ink={ramp.ink(shares[i])} />
            <text className="tick" x={word.x} y={labels + 48} textAnchor="middle">
              {box.narrow ? shares[i] >= 0.03 && wholePercent(shares[i]) : percent(shares[i])}
            </text>
            <VectorStrip
              values={head.v[i]}
              x={word.x - wide / 2}
              y={values + 12}
              width={wide}
              height={22}
              fill="var(--v)"
              most={mostV}
              opacity={0.25 + 0.75 * shares[i]}
            />
            <line
              x1={word.x}
              x2={box.width / 2}
              y1={values + 26}
              y2={values + 58}
              stroke="var(--v)"
              strokeWidth={Math.max(0.4, shares[i] * 14)}
              opacity="0.4"
            />
          </g>
        );
      })}
      <Caption x={8} y={far + 4} colour="k">
        k
      </Caption>
      <Caption x={8} y={values + 4} colour="v">
        v
      </Caption>
      <VectorStrip
        values={out}
        x={box.width / 2 - 90}
        y={values + 78}
        width={180}
        height={38}
        fill="var(--v)"
        most={Math.max(...out.map(Math.abs), mostV / 3)}
      />
      <Caption x={box.width / 2} y={values + 114} anchor="middle" colour="v">
        {t("selfAttention.out")}
      </Caption>
      <Grip
        {...handle}
        place={(place) => [words[place - 1].x, asking - 12]}
        area={{ x: 0, y: 0, width: box.width, height: asking + 12 }}
      >
        <rect className="grip-reach" x={-asker.width / 2 - 6} y="-22" width={asker.width + 12} height="44" rx="12" />
        <rect
          className="grip-ring"
          x={-asker.width / 2 - 5}
          y={-size * 0.95 - 5}
          width={asker.width + 10}
          height={size * 1.9 + 10}
          rx="12"
        />
        <rect
          className="grip-pill"
          x={-asker.width / 2}
          y={-size * 0.95}
          width={asker.width}
          height={size * 1.9}
          rx="8"
        />
        <text dy="0.36em" textAnchor="middle" fontSize={size} fontWeight="650" fill="var(--on-q)">
          {head.rows[row]}
        </text>
      </Grip>
    </g>
  );
}
