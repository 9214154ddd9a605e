import { useState } from "react";
import { useTranslation } from "react-i18next";
import { percent } from "../drawing/numbers.ts";
import { ribbonsOf } from "../drawing/ribbons.ts";
import { headWeights } from "./head-weights.ts";
import { Lesson } from "./lesson.tsx";
import { useOwnHeads } from "./own-heads.ts";
import type { Box } from "./picture.tsx";
import { Caption, WordTile } from "./shapes.tsx";
import { strongest } from "./shares.ts";
import { SHIPPED } from "./shipped.ts";
import { useShownWord } from "./shown-word.ts";
import { Track } from "./track.tsx";
import { ValueBox } from "./value-box.tsx";
import { wordsInRow } from "./words-in-row.ts";

const { source, written } = SHIPPED.head;
/** The first word: whether it is the subject or the time is still open, so there are two things to look at. */
const ROW = 0;
const WIDTH = 64;

/** 6: the same width shared by more heads, each of which looks elsewhere. */
export function HeadsScreen() {
  const { t } = useTranslation("lessons");
  const shownWord = useShownWord();
  const [chosen, setChosen] = useState(4);
  const mine = useOwnHeads();
  const stops = mine.heads ? mine.heads.map((_, i) => i + 1) : SHIPPED.heads.map(({ count }) => count);
  const count = stops.includes(chosen) ? chosen : stops[stops.length - 1];
  const tiny = SHIPPED.heads.find((each) => each.count === count) ?? SHIPPED.heads[0];
  const shares = mine.heads
    ? mine.heads.slice(0, count)
    : headWeights(tiny.cross, { heads: tiny.count, rows: written.length, cols: source.length }).row(ROW);
  const words = mine.words ?? source.map(shownWord);
  const asker = mine.asker ?? written[ROW];
  const seen = new Set(shares.map(strongest)).size;
  const handle = {
    label: t("heads.handle"),
    value: count,
    stops,
    onChange: setChosen,
    text: t("heads.heads", { n: count }),
  };
  const wide = mine.dHead ?? WIDTH / count;
  return (
    <Lesson
      name="heads"
      heights={{ wide: 410, narrow: 380 }}
      own={mine.own}
      source={mine.source}
      about={mine.heads && t("heads.aboutOwn")}
      says={t("heads.says", { n: count, d: wide, seen })}
      controls={<ValueBox {...handle} />}
      figures={[
        { label: t("heads.width"), value: String(wide) },
        { label: t("heads.seen"), value: String(seen), role: "k" },
        { label: t("heads.strongest"), value: percent(Math.max(...shares.flat())), role: "k" },
      ]}
    >
      {(box) => (
        <>
          <Heads box={box} shares={shares} words={words} asker={asker} />
          <Track
            {...handle}
            x={24}
            y={box.height - 38}
            width={box.width - 48}
            marks={Object.fromEntries(stops.map((stop) => [stop, String(stop)]))}
          />
        </>
      )}
    </Lesson>
  );
}

interface HeadsProps {
  readonly box: Box;
  readonly shares: readonly (readonly number[])[];
  readonly words: readonly string[];
  readonly asker: string;
}

function Heads({ box, shares, words: texts, asker }: HeadsProps) {
  const { t } = useTranslation("lessons");
  const { words, size } = wordsInRow(texts, { from: 10, width: box.width - 20 });
  const whole = Math.min(240, box.width - 60);
  const slot = whole / shares.length;
  const [far, near] = [74, box.height - 156];
  const best = new Set(shares.map(strongest));
  return (
    <g>
      <Caption x={10} y={16} colour="k">
        {t("heads.looked")}
      </Caption>
      {shares.map((row, head) => {
        const from = (box.width - whole) / 2 + slot * (head + 0.5);
        const ribbons = ribbonsOf(row, {
          from,
          to: words.map((word) => word.x + (head - (shares.length - 1) / 2) * ((0.7 * word.width) / shares.length)),
          whole: slot - 4,
          near,
          far,
          direction: "row",
        });
        const colour = `var(--head-${(head % 6) + 1})`;
        return (
          <g key={head}>
            {ribbons.map(({ index, path }) => (
              <path
                key={index}
                d={path}
                fill={colour}
                opacity="0.62"
                stroke={colour}
                strokeWidth={head < 6 ? 0 : 1}
                strokeDasharray="6 4"
              />
            ))}
            <rect x={from - slot / 2 + 2} y={near} width={slot - 4} height="6" rx="3" fill={colour} />
            {slot > 13 && (
              <text className="tick" x={from} y={near + 22} textAnchor="middle">
                {head + 1}
              </text>
            )}
          </g>
        );
      })}
      {words.map((word, i) => (
        <WordTile
          key={i}
          word={word}
          y={50}
          size={size}
          fill={best.has(i) ? "var(--k-soft)" : "var(--sunken)"}
          ink={best.has(i) ? "var(--k)" : "var(--ink)"}
        />
      ))}
      <text x={box.width / 2} y={near + 58} textAnchor="middle" fontSize="22" fontWeight="650" fill="var(--q)">
        {asker}
      </text>
    </g>
  );
}
