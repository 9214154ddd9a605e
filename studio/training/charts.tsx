import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { usePhone } from "../app/media.ts";
import { percent } from "../drawing/numbers.ts";
import { Chart, type Line } from "./chart.tsx";
import { ChartTable, type Column } from "./chart-table.tsx";
import { type Curve, differsFromFormula, hasFormula, placeAt, thinned } from "./curve.ts";

interface Props {
  readonly curve: Curve;
  readonly step: number;
  readonly total: number;
  readonly onStep: (step: number) => void;
}

const NAMES = ["loss", "accuracy", "rate"] as const;
type Name = (typeof NAMES)[number];

const TABLES: Readonly<Record<Name, readonly Column[]>> = {
  loss: [
    ["train", "loss"],
    ["valid", "valLoss"],
  ],
  accuracy: [
    ["train", "acc"],
    ["valid", "valAcc"],
  ],
  rate: [
    ["rate", "lr"],
    ["formula", "lrFormula"],
  ],
};

/** How many dots a formula has. */
const DOTS = 24;

/** Loss, accuracy and learning rate over the same steps; on a phone one of them. */
export function Charts({ curve, step, total, onStep }: Props) {
  const { t } = useTranslation("training");
  const phone = usePhone();
  const [chosen, setChosen] = useState<Name>("loss");
  const shown = useMemo(() => thinned(curve), [curve]);
  const charts: Record<Name, readonly Line[]> = useMemo(
    () => ({
      loss: [
        { label: "train", values: shown.loss, colour: "--ink", look: "line" },
        { label: "valid", values: shown.valLoss, colour: "--k", look: "dashed" },
      ],
      accuracy: [
        { label: "train", values: shown.acc, colour: "--ink", look: "line" },
        { label: "valid", values: shown.valAcc, colour: "--k", look: "dashed" },
      ],
      rate: [
        { label: "rate", values: shown.lr, colour: "--ink", look: "line" },
        { label: "formula", values: dotted(shown.lrFormula), colour: "--v", look: "dots" },
      ],
    }),
    [shown],
  );
  const names = phone ? [chosen] : NAMES;
  const validated = shown.valLoss.some((value) => value !== null);
  return (
    <section className="charts" aria-label={t("charts")}>
      {phone && (
        <fieldset className="segmented">
          <legend className="unseen">{t("charts")}</legend>
          {NAMES.map((name) => (
            <button key={name} type="button" aria-pressed={name === chosen} onClick={() => setChosen(name)}>
              {t(name)}
            </button>
          ))}
        </fieldset>
      )}
      {names.map((name) => (
        <figure key={name} className="card chart-card">
          <figcaption>
            <h2>{t(name)}</h2>
            <span className="chart-keys caption">
              <span className="key-line">{name === "rate" ? t("rate") : t("train")}</span>
              {name === "rate"
                ? hasFormula(curve) && <span className="key-dots">{t("formula")}</span>
                : validated && <span className="key-dashed">{t("valid")}</span>}
            </span>
          </figcaption>
          <Chart steps={shown.steps} lines={charts[name]} format={formatOf(name)} {...{ step, total, onStep }} />
          <p className="chart-said num">{saidOf(name)}</p>
          <ChartTable curve={curve} columns={TABLES[name]} format={formatOf(name)} />
        </figure>
      ))}
    </section>
  );

  function saidOf(name: Name): string {
    const place = placeAt(curve.steps, step);
    if (place < 0) return t("nothingYet");
    const at = { n: step.toLocaleString("en-US") };
    const value = (column: readonly (number | null)[], format: (value: number) => string) =>
      column[place] == null ? "–" : format(column[place]);
    if (name === "loss") {
      return t("lossSaid", { first: short(curve.loss[0] ?? 0), now: value(curve.loss, short), ...at });
    }
    if (name === "accuracy") return t("accuracySaid", { now: value(curve.acc, percent), ...at });
    if (differsFromFormula(curve)) return t("differs");
    if (!hasFormula(curve)) return t("rateAlone", { now: value(curve.lr, short), ...at });
    return t("rateSaid", { now: value(curve.lr, short), ...at });
  }
}

function formatOf(name: Name): (value: number) => string {
  return name === "accuracy" ? percent : short;
}

/** A few of the values, evenly spread. */
function dotted(values: readonly (number | null)[]): (number | null)[] {
  const apart = Math.max(1, Math.floor(values.length / DOTS));
  return values.map((value, i) => (i % apart === 0 || i === values.length - 1 ? value : null));
}

function short(value: number): string {
  if (value === 0) return "0";
  return Math.abs(value) < 0.01 ? value.toExponential(1).replace("e-", "e−") : String(Number(value.toPrecision(3)));
}
