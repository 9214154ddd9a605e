import { useTranslation } from "react-i18next";
import { percent, signed } from "../drawing/numbers.ts";
import { scoreOf } from "./arithmetic-steps.ts";
import { digits } from "./digits.ts";
import type { LookedAt } from "./looked-at.ts";
import type { Place } from "./reading.ts";
import { useCell } from "./use-cell.ts";

interface Wanted {
  readonly att: string;
  readonly looked: LookedAt;
  readonly place: Place | undefined;
  readonly again: () => void;
}

/** The arithmetic of a cell in one line: `14.67 ÷ 4 = 3.67 → softmax → 73%`; nothing where several heads or pieces meet. */
export function useShortCell({ att, looked, place, again }: Wanted): string | undefined {
  const { t } = useTranslation("attention");
  const { kind, layer: l, head: h, aggregate, words } = looked;
  const single = place && aggregate === "one" && !words;
  const loaded = useCell(single ? { att, kind, l, h, i: place.row, j: place.col } : undefined, again);
  if (!single || !loaded?.cell || loaded.of.i !== place.row || loaded.of.j !== place.col) return undefined;
  const { cell } = loaded;
  const score =
    cell.form === "scaled"
      ? `${signed(cell.qk)} ÷ ${digits(Math.sqrt(cell.d))} = ${signed(cell.scaled)}`
      : signed(scoreOf(cell));
  return `${score} → ${t("arithmetic.softmax")} → ${percent(cell.row[place.col][1])}`;
}
