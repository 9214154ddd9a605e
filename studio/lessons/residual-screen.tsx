import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Switch } from "./choice.tsx";
import { Lesson } from "./lesson.tsx";
import type { Box } from "./picture.tsx";
import { scientific } from "./scientific.ts";
import { Caption } from "./shapes.tsx";
import { SHIPPED } from "./shipped.ts";
import { wholeStops } from "./stops.ts";
import { Track } from "./track.tsx";
import { ValueBox } from "./value-box.tsx";

const { depth } = SHIPPED;
const STOPS = wholeStops(1, 24);
/** Powers of ten at the ends of the scale. */
const [LOWEST, HIGHEST] = [-8, 6];

/** 10: what is left of the words after many layers, with and without the two helps. */
export function ResidualScreen() {
  const { t } = useTranslation("lessons");
  const [layers, setLayers] = useState(12);
  const [residual, setResidual] = useState(true);
  const [norm, setNorm] = useState(true);
  const tower = depth.towers.find((each) => each.residual === residual && each.norm === norm)!;
  const [size, apart] = [tower.size[layers - 1], tower.apart[layers - 1]];
  const handle = {
    label: t("residual.handle"),
    value: layers,
    stops: STOPS,
    onChange: setLayers,
    text: t("residual.layers", { n: layers }),
  };
  const fate = apart < 1e-3 ? "lost" : size > 100 ? "burst" : "alive";
  return (
    <Lesson
      name="residual"
      heights={{ wide: 400, narrow: 370 }}
      source={t("residual.source", { n: depth.words, d: depth.width })}
      says={t(`residual.${fate}`, { n: layers, s: scientific(size), a: scientific(apart) })}
      controls={
        <>
          <ValueBox {...handle} unit={t("residual.unit")} />
          <Switch label={t("residual.add")} on={residual} onChange={setResidual} />
          <Switch label={t("residual.even")} on={norm} onChange={setNorm} />
        </>
      }
      figures={[
        { label: t("residual.size"), value: scientific(size) },
        { label: t("residual.apart"), value: scientific(apart), role: "v" },
      ]}
    >
      {(box) => (
        <>
          <Bars box={box} size={tower.size} apart={tower.apart} layers={layers} />
          <Track {...handle} x={24} y={box.height - 38} width={box.width - 48} />
        </>
      )}
    </Lesson>
  );
}

interface BarsProps {
  readonly box: Box;
  readonly size: readonly number[];
  readonly apart: readonly number[];
  readonly layers: number;
}

function Bars({ box, size, apart, layers }: BarsProps) {
  const { t } = useTranslation("lessons");
  const [left, top, bottom] = [56, 30, box.height - 92];
  const width = box.width - left - 12;
  const column = width / size.length;
  const y = (value: number) => {
    const power = Math.min(HIGHEST, Math.max(LOWEST, Math.log10(Math.max(value, 1e-30))));
    return bottom - ((power - LOWEST) / (HIGHEST - LOWEST)) * (bottom - top);
  };
  return (
    <g>
      <Caption x={left} y={16}>
        {t("residual.axis")}
      </Caption>
      {[-8, -4, 0, 4].map((power) => (
        <g key={power}>
          <line
            x1={left}
            x2={box.width - 12}
            y1={y(10 ** power)}
            y2={y(10 ** power)}
            stroke={power === 0 ? "var(--line2)" : "var(--line)"}
            strokeDasharray={power === 0 ? "5 4" : undefined}
          />
          <text className="tick" x={left - 8} y={y(10 ** power) + 4} textAnchor="end">
            {scientific(10 ** power)}
          </text>
        </g>
      ))}
      {size.map((value, i) => {
        const within = i < layers;
        return (
          <g key={i} opacity={within ? 1 : 0.16}>
            <rect
              x={left + i * column + 2}
              y={y(value)}
              width={column - 4}
              height={bottom - y(value)}
              rx="3"
              fill="var(--v-soft)"
              stroke="var(--v)"
              strokeWidth="1"
            />
            <rect
              x={left + i * column + 2}
              y={y(apart[i])}
              width={column - 4}
              height={Math.max(0, bottom - y(apart[i]))}
              rx="3"
              fill="var(--v)"
            />
          </g>
        );
      })}
      <line x1={left} x2={box.width - 12} y1={bottom} y2={bottom} stroke="var(--line2)" />
      <Caption x={box.narrow ? 8 : left} y={bottom + 22} colour="v">
        {t("residual.legend")}
      </Caption>
    </g>
  );
}
