import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Lesson } from "./lesson.tsx";
import type { Box } from "./picture.tsx";
import { mean, recallOf, vectorsOf } from "./recall.ts";
import { Caption, VectorStrip } from "./shapes.tsx";
import { SHIPPED } from "./shipped.ts";
import { wholeStops } from "./stops.ts";
import { Track } from "./track.tsx";
import { ValueBox } from "./value-box.tsx";

const { recall } = SHIPPED;
const bottleneck = recallOf(recall.bottleneck, recall.shortest);
const attention = recallOf(recall.attention, recall.shortest);
const vector = vectorsOf(recall.vectors, recall);
const STOPS = wholeStops(4, 40);

/** 1: words pour into one vector, and how many come out again. */
export function BottleneckScreen() {
  const { t } = useTranslation("lessons");
  const [length, setLength] = useState(12);
  const [through, beside] = [bottleneck(length), attention(length)];
  const rounded = (percent: number) => `${Math.round(percent)}%`;
  const handle = {
    label: t("bottleneck.handle"),
    value: length,
    stops: STOPS,
    onChange: setLength,
    text: t("bottleneck.words", { n: length }),
  };
  const first = rounded(through[0]);
  const last = rounded(through[length - 1]);
  return (
    <Lesson
      name="bottleneck"
      heights={{ wide: 410, narrow: 360 }}
      says={t("bottleneck.says", { n: length, share: rounded(mean(through)), a: rounded(mean(beside)) })}
      source={t("bottleneck.source", { n: recall.measured })}
      controls={<ValueBox {...handle} unit={t("bottleneck.unit")} />}
      figures={[
        { label: t("bottleneck.first"), value: first, role: "k" },
        { label: t("bottleneck.last"), value: last, role: "k" },
        { label: t("bottleneck.mean"), value: rounded(mean(through)), role: "k" },
        { label: t("bottleneck.beside"), value: rounded(mean(beside)) },
      ]}
    >
      {(box) => (
        <>
          <Pouring box={box} through={through} beside={beside} vector={vector(length)} words={recall.words} />
          <Track {...handle} x={24} y={box.height - 38} width={box.width - 48} />
        </>
      )}
    </Lesson>
  );
}

interface PouringProps {
  readonly box: Box;
  readonly through: readonly number[];
  readonly beside: readonly number[];
  readonly vector: readonly number[];
  readonly words: readonly number[];
}

function Pouring({ box, through, beside, vector: cells, words }: PouringProps) {
  const { t } = useTranslation("lessons");
  const vocabulary = t("bottleneck.vocabulary").split(" ");
  const slot = Math.min(64, box.width / through.length);
  const left = (box.width - slot * through.length) / 2;
  const x = (place: number) => left + slot * (place + 0.5);
  const [top, neck, ground] = [18, box.narrow ? 118 : 136, box.height - 96];
  const strip = Math.min(box.width - 60, 420);
  const [from, to] = [(box.width - strip) / 2, (box.width + strip) / 2];
  const tall = ground - neck - 66;
  const size = Math.min(17, slot * 0.8);
  const named = slot >= 13;
  return (
    <g>
      {through.map((percent, place) => {
        const into = from + ((to - from) * (place + 0.5)) / through.length;
        const bar = (tall * percent) / 100;
        const mark = ground - (tall * beside[place]) / 100;
        return (
          <g key={place}>
            <path
              d={`M${x(place)} ${top + 14}C${x(place)} ${(top + neck) / 2} ${into} ${(top + neck) / 2} ${into} ${neck - 22}`}
              className="pour"
            />
            <path
              d={`M${into} ${neck + 22}C${into} ${neck + 40} ${x(place)} ${neck + 34} ${x(place)} ${ground - tall - 4}`}
              className="pour"
              opacity={0.15 + (0.85 * percent) / 100}
            />
            <rect
              x={x(place) - slot * 0.42}
              y={ground - tall}
              width={slot * 0.84}
              height={tall}
              rx="3"
              fill="var(--sunken)"
            />
            <rect x={x(place) - slot * 0.42} y={ground - bar} width={slot * 0.84} height={bar} rx="3" fill="var(--k)" />
            <line x1={x(place) - slot * 0.42} x2={x(place) + slot * 0.42} y1={mark} y2={mark} className="beside" />
            {named ? (
              <text
                x={x(place)}
                y={top}
                dy="0.36em"
                textAnchor="middle"
                fontSize={size}
                fontWeight="550"
                fill="var(--ink)"
              >
                {vocabulary[words[place]]}
              </text>
            ) : (
              <rect x={x(place) - slot * 0.3} y={top - 6} width={slot * 0.6} height="12" rx="2" fill="var(--ink2)" />
            )}
          </g>
        );
      })}
      <rect x={from - 10} y={neck - 24} width={strip + 20} height="48" rx="10" className="vessel" />
      <VectorStrip values={cells} x={from} y={neck} width={strip} height={40} fill="var(--v)" most={1} />
      <Caption
        x={box.narrow ? box.width / 2 : to + 20}
        y={box.narrow ? neck - 32 : neck + 5}
        anchor={box.narrow ? "middle" : "start"}
        colour="v"
      >
        {t("bottleneck.cells", { n: cells.length })}
      </Caption>
      <Caption x={left} y={ground + 18}>
        {t("bottleneck.legend")}
      </Caption>
    </g>
  );
}
