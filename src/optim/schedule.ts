/** The learning rate of each step; steps count from 1. */
export type Schedule = (step: number) => number;

/** What the schedules but {@link noam} are made of. */
export interface ScheduleOptions {
  /** The highest rate. */
  peak: number;
  /** Steps over which the rate grows from 0 to the peak. */
  warmupSteps: number;
  /** The last step; linear and cosine are at 0 there. */
  totalSteps: number;
}

/**
 * The paper's schedule (Vaswani et al. 2017, §5.3, eq. 3):
 * `factor · dModel^−½ · min(step^−½, step · warmupSteps^−1.5)`.
 */
export function noam(dModel: number, warmupSteps: number, factor = 1): Schedule {
  return (step) => factor * dModel ** -0.5 * Math.min(step ** -0.5, step * warmupSteps ** -1.5);
}

/** Grows to the peak, then falls as one over the square root of the steps: {@link noam}, told by its highest rate. */
export function inverseSqrt({ peak, warmupSteps }: Omit<ScheduleOptions, "totalSteps">): Schedule {
  return (step) => peak * Math.min(warmup(step, warmupSteps), Math.sqrt(Math.max(1, warmupSteps) / step));
}

/** Grows to the peak, then stays. */
export function constant({ peak, warmupSteps }: Omit<ScheduleOptions, "totalSteps">): Schedule {
  return (step) => peak * warmup(step, warmupSteps);
}

/** Grows to the peak, then falls in a straight line. */
export function linear({ peak, warmupSteps, totalSteps }: ScheduleOptions): Schedule {
  return (step) => peak * Math.min(warmup(step, warmupSteps), 1 - progress(step, warmupSteps, totalSteps));
}

/** Grows to the peak, then falls along half a cosine (Loshchilov and Hutter 2017). */
export function cosine({ peak, warmupSteps, totalSteps }: ScheduleOptions): Schedule {
  return (step) => {
    const fall = (1 + Math.cos(Math.PI * progress(step, warmupSteps, totalSteps))) / 2;
    return peak * Math.min(warmup(step, warmupSteps), fall);
  };
}

function warmup(step: number, warmupSteps: number): number {
  return warmupSteps === 0 ? 1 : Math.min(1, step / warmupSteps);
}

/** How much of the way from the end of the warm-up to the last step is done. */
function progress(step: number, warmupSteps: number, totalSteps: number): number {
  return Math.min(1, Math.max(0, step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
}
