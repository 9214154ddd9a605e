import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PaddingNumbers } from "../../src/studio/lesson-wire.ts";
import { MASK_PATTERN, MaskPatterns } from "../drawing/mask-patterns.tsx";
import { percent, signed } from "../drawing/numbers.ts";
import { Lesson } from "./lesson.tsx";
import { leaked, maskedShares } from "./masked-shares.ts";
import { useOwnNumbers } from "./own-numbers.ts";
import type { Box } from "./picture.tsx";
import { useRamp } from "./ramp-colour.ts";
import { mean } from "./recall.ts";
import { Caption } from "./shapes.tsx";
import { SHIPPED } from "./shipped.ts";
import { useShownWord } from "./shown-word.ts";
import { Track } from "./track.tsx";
import { ValueBox } from "./value-box.tsx";

/** What is added to the scores of blanks; the last is what jumok adds for a mask, and as good as −∞. */
const MASK = -1e9;
const STOPS = [MASK, -12, -10, -8, -6, -5, -4, -3, -2, -1, 0];

interface Text {
  readonly words: readonly string[];
  readonly real: number;
  /** A row a word. */
  readonly scores: readonly (readonly number[])[];
}

/** 7: blanks at the end of shorter sentences, and how much attention they draw. */
export function PaddingScreen() {
  const { t } = useTranslation("lessons");
  const shownWord = useShownWord();
  const [added, setAdded] = useState(0);
  const { numbers, problem, own } = useOwnNumbers<PaddingNumbers>({
    screen: 7,
    has: ({ arch, kinds }) => arch === "transformer" && kinds.includes("enc"),
    fields: { l: "0", h: "0" },
  });
  const texts: Text[] = numbers
    ? numbers.texts.map(({ toks, open }) => ({
        words: toks.map(shownWord),
        real: toks.filter(({ sp }) => sp !== "pad").length,
        scores: open.map((row) => row.map(Math.log)),
      }))
    : SHIPPED.padding.texts.map(({ words, real, scores }) => ({ words: words.map(shownWord), real, scores }));
  const rows = texts.map(({ words, real, scores }) => {
    const shares = scores.slice(0, real).map((row) => maskedShares({ scores: row, allowed: real }, added));
    return {
      words,
      real,
      received: words.map((_, column) => mean(shares.map((row) => row[column]))),
      leak: mean(shares.map((row) => leaked(row, real))),
    };
  });
  const shortest = rows.reduce((a, b) => (b.leak > a.leak ? b : a));
  const name = added === MASK ? "−∞" : signed(added, 0);
  const handle = { label: t("padding.handle"), value: added, stops: STOPS, onChange: setAdded, text: name };
  return (
    <Lesson
      name="padding"
      heights={{ wide: 380, narrow: 360 }}
      own={own}
      source={problem ? t("source.failed") : numbers ? t("source.mine", { l: 1, h: 1 }) : t("source.tiny")}
      says={t("padding.says", { a: name, p: percent(shortest.leak) })}
      controls={<ValueBox {...handle} />}
      figures={[
        { label: t("padding.added"), value: name, role: "q" },
        { label: t("padding.leaks"), value: percent(shortest.leak), role: shortest.leak > 0.0005 ? "danger" : "k" },
        { label: t("padding.kept"), value: percent(1 - shortest.leak), role: "k" },
      ]}
    >
      {(box) => (
        <>
          <Batch box={box} rows={rows} />
          <Track
            {...handle}
            x={24}
            y={box.height - 38}
            width={box.width - 48}
            marks={{ [MASK]: t("padding.on"), "-6": "−6", 0: t("padding.off") }}
          />
        </>
      )}
    </Lesson>
  );
}

interface BatchRow {
  readonly words: readonly string[];
  readonly real: number;
  readonly received: readonly number[];
  readonly leak: number;
}

function Batch({ box, rows }: { box: Box; rows: readonly BatchRow[] }) {
  const { t } = useTranslation("lessons");
  const ramp = useRamp();
  const columns = Math.max(...rows.map(({ words }) => words.length));
  const end = box.narrow ? 44 : 92;
  const column = Math.min(96, (box.width - end - 8) / columns);
  const left = Math.max(4, (box.width - end - column * columns) / 2);
  const row = (box.height - 130) / rows.length;
  const size = Math.max(10, Math.min(16, column / 5.4));
  return (
    <g>
      <MaskPatterns />
      <Caption x={left} y={16}>
        {t("padding.received")}
      </Caption>
      <Caption x={left + column * columns + 10} y={16} colour="danger">
        {t("padding.leak")}
      </Caption>
      {rows.map(({ words, real, received, leak }, i) => {
        const y = 30 + i * row;
        return (
          <g key={i}>
            {words.map((word, j) => {
              const blank = j >= real;
              const place = { x: left + j * column + 1.5, y, width: column - 3, height: row - 12, rx: 8 };
              return (
                <g key={j}>
                  <rect {...place} fill={blank ? `url(#${MASK_PATTERN.pad})` : ramp.fill(received[j])} />
                  {blank && received[j] > 0.0005 && (
                    <rect {...place} fill="var(--danger)" opacity={0.12 + 0.8 * received[j]} />
                  )}
                  {(box.narrow ? halves(blank ? "" : word) : [word]).map((line, part) => (
                    <text
                      key={part}
                      x={place.x + place.width / 2}
                      y={y + (row - 12) / 2 - 3 - (box.narrow ? 12 - 11 * part : 0)}
                      textAnchor="middle"
                      fontSize={size}
                      fontWeight="550"
                      fill={blank ? "var(--ink2)" : ramp.ink(received[j])}
                    >
                      {line}
                    </text>
                  ))}
                  <text
                    x={place.x + place.width / 2}
                    y={y + (row - 12) / 2 + 16}
                    textAnchor="middle"
                    className="tick"
                    style={{ fill: blank ? "var(--ink)" : ramp.ink(received[j]) }}
                  >
                    {percent(received[j])}
                  </text>
                </g>
              );
            })}
            <text
              className="leak num"
              x={left + column * columns + 10}
              y={y + (row - 12) / 2 + 6}
              fill={leak > 0.0005 ? "var(--danger)" : "var(--ink3)"}
            >
              {percent(leak)}
            </text>
          </g>
        );
      })}
    </g>
  );
}

/** A word on two lines where it is long. */
function halves(word: string): string[] {
  const middle = word.length > 3 ? Math.ceil(word.length / 2) : word.length;
  return [word.slice(0, middle), word.slice(middle)];
}
