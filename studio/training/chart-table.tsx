import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Curve, tabled } from "./curve.ts";

/** A column of a curve and what it is called. */
export type Column = readonly [label: "train" | "valid" | "rate" | "formula", name: Exclude<keyof Curve, "steps">];

interface Props {
  readonly curve: Curve;
  readonly columns: readonly Column[];
  readonly format: (value: number) => string;
}

/** The numbers of a chart to unfold, for who cannot see it: some of its steps. */
export function ChartTable({ curve, columns, format }: Props) {
  const { t } = useTranslation("training");
  const [open, setOpen] = useState(false);
  return (
    <details className="chart-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("asTable")}</summary>
      {open && (
        <table className="num">
          <thead>
            <tr>
              <th scope="col">{t("step")}</th>
              {columns.map(([label]) => (
                <th key={label} scope="col">
                  {t(label)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {tabled(curve).map((place) => (
              <tr key={curve.steps[place]}>
                <th scope="row">{curve.steps[place].toLocaleString("en-US")}</th>
                {columns.map(([label, name]) => {
                  const value = curve[name][place];
                  return <td key={label}>{value === null ? "–" : format(value)}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
