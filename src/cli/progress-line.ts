import type { StepEvent } from "../training/events.ts";
import { clock, grouped, percent } from "./numbers.ts";

/** How far a whole run goes. */
export interface Extent {
  readonly epochs: number;
  readonly totalSteps: number;
}

const GAP = "  ";
const LEAST_CELLS = 10;
const MOST_CELLS = 30;

type Figure = "epoch" | "step" | "loss" | "accuracy" | "speed" | "rate" | "left";

/** What a narrow line goes without, in this order. */
const DISPENSABLE: readonly Figure[] = ["rate", "speed", "step", "accuracy", "epoch", "loss", "left"];

/** How far a run is, in one line: all its figures. */
export function progressText(event: StepEvent, extent: Extent): string {
  return Object.values(figuresOf(event, extent)).join(GAP);
}

/**
 * How far a run is, in one line with a bar that fits a terminal: where it is narrow, figures are left out, the least
 * important first.
 *
 * @param columns of the terminal; the last one stays free
 */
export function progressLine(event: StepEvent, extent: Extent, columns: number): string {
  const figures: Partial<Record<Figure, string>> = figuresOf(event, extent);
  const besideBar = () =>
    Object.values(figures)
      .map((figure) => GAP + figure)
      .join("");
  const room = () => columns - 1 - besideBar().length;
  for (const figure of DISPENSABLE) {
    if (room() >= LEAST_CELLS) break;
    delete figures[figure];
  }
  const cells = Math.max(0, Math.min(MOST_CELLS, room()));
  const done = Math.floor(cells * Math.min(1, event.step / extent.totalSteps));
  return "█".repeat(done) + "░".repeat(cells - done) + besideBar();
}

/** `3/60`, as wide as the last epoch will be. */
export function epochOf(epoch: number, { epochs }: Pick<Extent, "epochs">): string {
  return outOf(epoch, epochs);
}

/** In the order they stand in the line; as wide from step to step, that nothing jumps. */
function figuresOf(event: StepEvent, extent: Extent): Record<Figure, string> {
  return {
    epoch: `epoch ${epochOf(event.epoch, extent)}`,
    step: `step ${outOf(event.step, extent.totalSteps)}`,
    loss: `loss ${event.loss.toFixed(3)}`,
    accuracy: `accuracy ${percent(event.accuracy).padStart("99.9 %".length)}`,
    speed: `${grouped(event.tokensPerSecond).padStart("99,999".length)} tokens/s`,
    rate: `lr ${event.learningRate.toExponential(1)}`,
    left: `${clock(event.secondsLeft).padStart("59:59".length)} left`,
  };
}

function outOf(value: number, total: number): string {
  return `${String(value).padStart(String(total).length)}/${total}`;
}
