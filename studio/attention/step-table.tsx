import { useTranslation } from "react-i18next";
import { type AttentionKind, maskOf, type SentenceToken } from "../../src/explain/attention-map.ts";

import type { Cell } from "../../src/studio/wire.ts";
import { percent } from "../drawing/numbers.ts";
import { type Step, softmaxTable } from "./arithmetic-steps.ts";
import { digits } from "./digits.ts";
import type { Place } from "./reading.ts";

interface Props {
  readonly step: Step;
  readonly kind: AttentionKind;
  readonly place: Place;
  readonly keys: readonly SentenceToken[];
}

/** The numbers of a step, so that it can be worked out again by hand. */
export function StepTable(props: Props) {
  const { step } = props;
  if (step.name === "softmax") return <SoftmaxTable {...props} row={step.row} />;
  if (!("parts" in step)) return null;
  const { parts } = step;
  const sum = step.name === "product" || step.name === "energy" ? step.value : undefined;
  return (
    <div className="step-table">
      <table className="num">
        <thead>
          <tr>
            <th scope="col" />
            {parts.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {parts[0].numbers.map((_, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a dimension is its number
            <tr key={i}>
              <th scope="row">{i + 1}</th>
              {parts.map(({ name, numbers }) => (
                <td key={name}>{digits(numbers[i])}</td>
              ))}
            </tr>
          ))}
        </tbody>
        {sum !== undefined && <Total columns={parts.length} text={digits(sum)} />}
      </table>
    </div>
  );
}

function SoftmaxTable({ row, place, kind, keys }: Props & { readonly row: Cell["row"] }) {
  const { t } = useTranslation("attention");
  const masked = (col: number) => maskOf({ kind, keys: { tokens: keys, words: [] } }, place.row, col) !== undefined;
  const lines = softmaxTable(row, masked);
  const powers = lines.reduce((sum, { power }) => sum + power, 0);
  const whole = lines.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <div className="step-table">
      <table className="num">
        <thead>
          <tr>
            <th scope="col" />
            <th scope="col">{t("softmax.score")}</th>
            <th scope="col">{t("softmax.power")}</th>
            <th scope="col">{t("softmax.share")}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ score, power, weight }, col) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place
            <tr key={col} className={col === place.col ? "lit" : ""}>
              <th scope="row">{keys[col].text}</th>
              <td>{masked(col) ? "− ∞" : digits(score)}</td>
              <td>{digits(power)}</td>
              <td>{percent(weight)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t("softmax.sum")}</th>
            <td />
            <td>{digits(powers)}</td>
            <td className="row-sum">{percent(whole)}</td>
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Total({ columns, text }: { readonly columns: number; readonly text: string }) {
  const { t } = useTranslation("attention");
  return (
    <tfoot>
      <tr>
        <th scope="row">{t("softmax.sum")}</th>
        {columns > 1 && <td colSpan={columns - 1} />}
        <td>{text}</td>
      </tr>
    </tfoot>
  );
}
