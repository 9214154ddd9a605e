import { useState } from "react";
import { useTranslation } from "react-i18next";
import { grouped } from "../drawing/numbers.ts";
import { Choice } from "./choice.tsx";
import { Grip, type Handle } from "./grip.tsx";
import { Lesson } from "./lesson.tsx";
import type { Box } from "./picture.tsx";
import { scientific } from "./scientific.ts";
import { Caption } from "./shapes.tsx";
import { wholeStops } from "./stops.ts";
import { ValueBox } from "./value-box.tsx";
import { peakRate, rates } from "./warm-up.ts";

const STOPS = wholeStops(1000, 10_000, 250);
const [LAST, POINTS] = [20_000, 161];
const WIDTHS = [128, 256, 512] as const;

/** 12: the rate grows to a peak and falls again; the peak is moved. */
export function WarmUpScreen() {
  const { t } = useTranslation("lessons");
  const [warmupSteps, setWarmupSteps] = useState(4000);
  const [dModel, setDModel] = useState<number>(256);
  const peak = peakRate(dModel, warmupSteps);
  const [end] = rates({ dModel, warmupSteps, lastStep: LAST, points: 2 }).slice(-1);
  const handle = {
    label: t("warmUp.handle"),
    value: warmupSteps,
    stops: STOPS,
    onChange: setWarmupSteps,
    text: t("warmUp.steps", { n: grouped(warmupSteps) }),
  };
  return (
    <Lesson
      name="warmUp"
      heights={{ wide: 400, narrow: 350 }}
      source={t("warmUp.source")}
      says={t("warmUp.says", { n: grouped(warmupSteps), p: scientific(peak), e: scientific(end.rate) })}
      controls={
        <>
          <ValueBox {...handle} unit={t("warmUp.unit")} />
          <Choice
            label={t("warmUp.width")}
            value={dModel}
            onChange={setDModel}
            options={WIDTHS.map((width) => [width, `d = ${width}`])}
          />
        </>
      }
      figures={[
        { label: t("warmUp.peak"), value: scientific(peak), role: "q" },
        { label: t("warmUp.at"), value: grouped(warmupSteps), role: "q" },
        { label: t("warmUp.end", { n: grouped(LAST) }), value: scientific(end.rate) },
      ]}
    >
      {(box) => <Curve box={box} dModel={dModel} warmupSteps={warmupSteps} handle={handle} />}
    </Lesson>
  );
}

interface CurveProps {
  readonly box: Box;
  readonly dModel: number;
  readonly warmupSteps: number;
  readonly handle: Handle;
}

function Curve({ box, dModel, warmupSteps, handle }: CurveProps) {
  const { t } = useTranslation("lessons");
  const [left, top, bottom] = [64, 34, box.height - 40];
  const width = box.width - left - 20;
  const highest = peakRate(WIDTHS[0], STOPS[0]);
  const x = (step: number) => left + (width * step) / LAST;
  const y = (rate: number) => bottom - ((bottom - top) * rate) / highest;
  const points = rates({ dModel, warmupSteps, lastStep: LAST, points: POINTS });
  const line = [
    ...points.filter(({ step }) => step < warmupSteps),
    { step: warmupSteps, rate: peakRate(dModel, warmupSteps) },
  ];
  const fall = points.filter(({ step }) => step > warmupSteps);
  const path = (all: typeof points) =>
    all.map(({ step, rate }, i) => `${i === 0 ? "M" : "L"}${x(step).toFixed(1)} ${y(rate).toFixed(1)}`).join("");
  const ticks = [0.0005, 0.001, 0.0015, 0.002, 0.0025].filter((rate) => rate <= highest);
  return (
    <g>
      <Caption x={left} y={18}>
        {t("warmUp.axis")}
      </Caption>
      {ticks.map((rate) => (
        <g key={rate}>
          <line x1={left} x2={left + width} y1={y(rate)} y2={y(rate)} stroke="var(--line)" />
          <text className="tick" x={left - 8} y={y(rate) + 4} textAnchor="end">
            {rate}
          </text>
        </g>
      ))}
      <line x1={left} x2={left + width} y1={bottom} y2={bottom} stroke="var(--line2)" />
      {(box.narrow ? [0, 10_000, LAST] : [0, 5000, 10_000, 15_000, LAST]).map((step) => (
        <text key={step} className="tick" x={x(step)} y={bottom + 20} textAnchor={step === LAST ? "end" : "middle"}>
          {grouped(step)}
        </text>
      ))}
      <path d={`${path(line)}L${x(warmupSteps)} ${bottom}L${x(0)} ${bottom}Z`} fill="var(--v-soft)" />
      <path d={path([...line, ...fall])} fill="none" stroke="var(--ink)" strokeWidth="3" strokeLinejoin="round" />
      <line
        x1={x(warmupSteps)}
        x2={x(warmupSteps)}
        y1={y(peakRate(dModel, warmupSteps))}
        y2={bottom}
        stroke="var(--q)"
        strokeWidth="2"
        strokeDasharray="2 5"
        strokeLinecap="round"
      />
      <Caption x={x(warmupSteps) - 8} y={bottom - 10} anchor="end" colour="v">
        {x(warmupSteps) - left > 70 ? t("warmUp.before") : ""}
      </Caption>
      <Grip
        {...handle}
        place={(step) => [x(step), y(peakRate(dModel, step))]}
        area={{ x: left, y: 0, width, height: box.height }}
      />
    </g>
  );
}
