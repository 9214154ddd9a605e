import type { Schedule } from "../optim/schedule.ts";
import type { TrainingHistory, TrainingSamples } from "../studio/training-wire.ts";
import type { HistoryEvent } from "./run-events.ts";

/** One row of the columns. */
interface Row {
  loss?: number;
  valLoss?: number;
  acc?: number;
  valAcc?: number;
  lr?: number;
  tokPerSec?: number;
}

/**
 * The history of a run as columns for charts.
 *
 * @param formula what the learning rate should be; of a run whose options are not known there is none
 */
export function historyColumns(events: readonly HistoryEvent[], formula?: Schedule): TrainingHistory {
  const rows = new Map<number, Row>();
  const rowAt = (step: number) => {
    const row = rows.get(step) ?? {};
    rows.set(step, row);
    return row;
  };
  const marks: TrainingHistory["events"][number][] = [];
  for (const event of events) {
    if (event.type === "step") {
      const { loss, accuracy: acc, learningRate: lr, tokensPerSecond: tokPerSec } = event;
      Object.assign(rowAt(event.step), { loss, acc, lr, tokPerSec });
    } else if (event.type === "epoch") Object.assign(rowAt(event.step), { loss: event.loss, acc: event.accuracy });
    else if (event.type === "validation" && event.measured) {
      Object.assign(rowAt(event.step), { valLoss: event.measured.loss, valAcc: event.measured.accuracy });
    }
    if (event.type === "start") marks.push({ step: event.resumedAt, type: event.resumedAt > 0 ? "resume" : "start" });
    else if ("step" in event && event.type !== "step" && event.type !== "samples") {
      marks.push({ step: event.step, type: event.type });
    }
  }
  const steps = [...rows.keys()].sort((a, b) => a - b);
  const column = (name: keyof Row) => steps.map((step) => rows.get(step)?.[name] ?? null);
  return {
    steps,
    loss: column("loss"),
    valLoss: column("valLoss"),
    acc: column("acc"),
    valAcc: column("valAcc"),
    lr: column("lr"),
    lrFormula: steps.map((step) => formula?.(step) ?? null),
    tokPerSec: column("tokPerSec"),
    events: marks,
  };
}

/** The answers to fixed texts as they changed, a column for each step at which they were looked at. */
export function samplesOverTime(events: readonly HistoryEvent[]): TrainingSamples {
  const looks = new Map(events.flatMap((event) => (event.type === "samples" ? [[event.step, event.samples]] : [])));
  const [first = []] = looks.values();
  return {
    prompts: first.map(({ source }) => source),
    expected: first.map(({ expected }) => expected),
    at: Array.from(looks, ([step, samples]) => ({
      step,
      out: samples.map(({ answer }) => answer),
      p: samples.map(({ probability }) => Number(probability.toPrecision(4))),
    })),
  };
}
