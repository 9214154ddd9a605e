import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Grip, type Handle, Knob } from "./grip.tsx";
import { Lesson } from "./lesson.tsx";
import type { Box } from "./picture.tsx";
import { Caption } from "./shapes.tsx";
import { SHIPPED } from "./shipped.ts";
import { spread, wrongSteps } from "./slips.ts";
import { wholeStops } from "./stops.ts";
import { ValueBox } from "./value-box.tsx";

const { slips } = SHIPPED;
const COUNT = slips.days.length;
const STOPS = wholeStops(1, COUNT);

/** 11: one slip, with the right words handed on and with one's own. */
export function ForcingScreen() {
  const { t } = useTranslation("lessons");
  const [step, setStep] = useState(4);
  const [taught, free] = [slips.taught[step - 1], slips.free[step - 1]];
  const after = {
    taught: spread(wrongSteps(taught, slips.days), step - 1),
    free: spread(wrongSteps(free, slips.days), step - 1),
  };
  const handle = {
    label: t("forcing.handle"),
    value: step,
    stops: STOPS,
    onChange: setStep,
    text: t("forcing.step", { n: step }),
  };
  return (
    <Lesson
      name="forcing"
      heights={{ wide: 360, narrow: 330 }}
      source={t("forcing.source")}
      says={t("forcing.says", { n: step, a: after.taught, b: after.free })}
      controls={<ValueBox {...handle} unit={t("forcing.unit")} />}
      figures={[
        { label: t("forcing.afterTaught"), value: t("forcing.count", { n: after.taught }), role: "k" },
        { label: t("forcing.afterFree"), value: t("forcing.count", { n: after.free }), role: "danger" },
      ]}
    >
      {(box) => <Rows box={box} slip={step - 1} taught={taught} free={free} handle={handle} />}
    </Lesson>
  );
}

interface RowsProps {
  readonly box: Box;
  readonly slip: number;
  readonly taught: readonly number[];
  readonly free: readonly number[];
  readonly handle: Handle;
}

function Rows({ box, slip, taught, free, handle }: RowsProps) {
  const { t } = useTranslation("lessons");
  const days = t("forcing.days").split(" ");
  // Anything above the days is the end of the sentence.
  const name = (day: number) => days[day] ?? "·";
  const column = Math.min(84, (box.width - 16) / COUNT);
  const left = (box.width - column * COUNT) / 2;
  const x = (step: number) => left + column * (step + 0.5);
  const size = Math.min(20, column * 0.42);
  const tile = { width: column - (box.narrow ? 4 : 10), height: Math.min(46, column) };
  const rows = [
    { y: 112, said: taught, handed: slips.days, label: t("forcing.taught"), role: "k" as const },
    { y: box.height - 62, said: free, handed: free, label: t("forcing.free"), role: "q" as const },
  ];
  return (
    <g>
      <line
        x1={x(slip)}
        x2={x(slip)}
        y1={34}
        y2={box.height - 84}
        stroke="var(--q)"
        strokeWidth="2"
        strokeDasharray="2 5"
        strokeLinecap="round"
      />
      {rows.map(({ y, said, handed, label, role }) => {
        const wrong = wrongSteps(said, slips.days);
        return (
          <g key={label}>
            <Caption x={left} y={y - tile.height / 2 - 14} colour={role}>
              {label}
            </Caption>
            {said.map((day, i) => (
              <g key={i}>
                {i > 0 && (
                  <path
                    d={`M${x(i - 1) + tile.width / 2 - 4} ${y + tile.height / 2 + 3}Q${(x(i - 1) + x(i)) / 2} ${y + tile.height / 2 + 22} ${x(i) - tile.width / 2 + 4} ${y + tile.height / 2 + 5}`}
                    fill="none"
                    stroke={handed[i - 1] === slips.days[i - 1] ? "var(--k)" : "var(--danger)"}
                    strokeWidth="2"
                    strokeDasharray={role === "k" ? undefined : "4 3"}
                  />
                )}
                <rect
                  x={x(i) - tile.width / 2}
                  y={y - tile.height / 2}
                  width={tile.width}
                  height={tile.height}
                  rx="8"
                  fill={wrong[i] ? "var(--surface)" : "var(--sunken)"}
                  stroke={wrong[i] ? "var(--danger)" : "none"}
                  strokeWidth="2"
                />
                <text
                  x={x(i)}
                  y={y}
                  dy="0.36em"
                  textAnchor="middle"
                  fontSize={size}
                  fontWeight={wrong[i] ? 700 : 550}
                  fill={wrong[i] ? "var(--danger)" : "var(--ink)"}
                >
                  {name(day)}
                </text>
                {wrong[i] && (
                  <text className="tick haloed" x={x(i)} y={y + tile.height / 2 + 15} textAnchor="middle">
                    {box.narrow ? "" : name(slips.days[i])}
                  </text>
                )}
              </g>
            ))}
          </g>
        );
      })}
      <Grip {...handle} place={(step) => [x(step - 1), 26]} area={{ x: 0, y: 0, width: box.width, height: 56 }}>
        <Knob />
      </Grip>
    </g>
  );
}
