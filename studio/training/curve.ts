import type { TrainingHistory, TrainingMoment } from "../../src/studio/training-wire.ts";

/** The numbers of a run by step, as charts want them: columns of one length. */
export type Curve = Omit<TrainingHistory, "events">;

const COLUMNS = ["steps", "loss", "valLoss", "acc", "valAcc", "lr", "lrFormula", "tokPerSec"] as const;

export const NO_CURVE: Curve = {
  ...{ steps: [], loss: [], valLoss: [], acc: [], valAcc: [], lr: [], lrFormula: [], tokPerSec: [] },
};

/** A curve with what was told live since; what it has already is put in the place of what it had. */
export function extended(curve: Curve, moments: readonly TrainingMoment[]): Curve {
  const last = curve.steps.at(-1) ?? -1;
  const rows = new Map<number, Partial<Record<keyof Curve, number | null>>>();
  for (const { step, loss, acc, lr, lrFormula, tokPerSec, valLoss, valAcc } of moments) {
    if (loss === null || step < last) continue;
    const validated = valLoss === undefined ? {} : { valLoss, valAcc };
    rows.set(step, { ...rows.get(step), loss, acc, lr, lrFormula, tokPerSec, ...validated });
  }
  if (rows.size === 0) return curve;
  const kept = rows.has(last) ? curve.steps.length - 1 : curve.steps.length;
  const added = [...rows.keys()];
  return Object.fromEntries(
    COLUMNS.map((name) => {
      if (name === "steps") return [name, [...curve.steps.slice(0, kept), ...added]];
      const old = kept < curve.steps.length ? curve[name][kept] : null;
      const more = added.map((step) => rows.get(step)?.[name] ?? (step === last ? old : null));
      return [name, [...curve[name].slice(0, kept), ...more]];
    }),
  ) as unknown as Curve;
}

/**
 * A curve of fewer points that looks the same: of each bucket of steps the least and the largest loss, and all
 * validations.
 */
export function thinned(curve: Curve, most = 2000): Curve {
  const { length } = curve.steps;
  if (length <= most) return curve;
  const width = length / (most / 2);
  const chosen = new Set([0, length - 1]);
  for (let from = 0; from < length; from += width) {
    const [start, end] = [Math.floor(from), Math.min(length, Math.floor(from + width))];
    let [low, high] = [start, start];
    for (let i = start; i < end; i++) {
      if ((curve.loss[i] ?? 0) < (curve.loss[low] ?? 0)) low = i;
      if ((curve.loss[i] ?? 0) > (curve.loss[high] ?? 0)) high = i;
      if (curve.valLoss[i] !== null) chosen.add(i);
    }
    chosen.add(low).add(high);
  }
  const places = [...chosen].sort((a, b) => a - b);
  return Object.fromEntries(COLUMNS.map((name) => [name, places.map((i) => curve[name][i])])) as unknown as Curve;
}

/** The place of the last row at or before a step; −1 where there is none. */
export function placeAt(steps: readonly number[], step: number): number {
  let place = -1;
  for (let i = 0; i < steps.length && steps[i] <= step; i++) place = i;
  return place;
}

/** Places of rows for a table: the first, the last, and some evenly between, of those with a validation where any has. */
export function tabled({ steps, valLoss }: Curve, most = 20): number[] {
  const all = [...steps.keys()];
  const validated = all.filter((place) => valLoss[place] !== null);
  const from = validated.length > 0 ? validated : all;
  const apart = Math.max(1, from.length / most);
  const some = from.filter((_, i) => Math.floor(i / apart) !== Math.floor((i - 1) / apart));
  return [...new Set([...all.slice(0, 1), ...some, ...all.slice(-1)])];
}

/** Whether anything is known of what the learning rate should be. */
export function hasFormula({ lrFormula }: Curve): boolean {
  return lrFormula.some((rate) => rate !== null);
}

/** Whether a learning rate is more than a hundredth off its formula anywhere. */
export function differsFromFormula({ lr, lrFormula }: Curve): boolean {
  return lr.some((rate, i) => {
    const wanted = lrFormula[i];
    return rate !== null && wanted !== null && Math.abs(rate - wanted) > 0.01 * Math.abs(wanted);
  });
}
