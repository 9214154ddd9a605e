/** What the Training view and a run say to one another, as plain data. */

/** `GET /api/train/history`: columns of numbers, one a reported step; `null` where a step had no such number. */
export interface TrainingHistory {
  readonly steps: readonly number[];
  readonly loss: readonly (number | null)[];
  readonly valLoss: readonly (number | null)[];
  readonly acc: readonly (number | null)[];
  readonly lr: readonly (number | null)[];
  /** What the formula of the schedule says. */
  readonly lrFormula: readonly (number | null)[];
  readonly tokPerSec: readonly (number | null)[];
  readonly events: readonly { readonly step: number; readonly type: string }[];
}

export type TrainingState = "run" | "stopping" | "stopped" | "done" | "nan";

/** Server-sent events of `GET /api/train/live`. */
export interface TrainingMoment {
  readonly step: number;
  readonly total: number;
  readonly epoch: number;
  readonly loss: number | null;
  readonly valLoss?: number;
  readonly acc?: number;
  readonly lr: number;
  readonly tokPerSec: number;
  readonly etaSec: number;
  readonly state: TrainingState;
}

/** `GET /api/train/samples`: answers to fixed prompts as they change. */
export interface TrainingSamples {
  readonly prompts: readonly string[];
  readonly at: readonly {
    readonly step: number;
    /** An answer a prompt, and the probability that the model gives it. */
    readonly out: readonly string[];
    readonly p: readonly number[];
  }[];
}

/** `POST /api/train` */
export interface TrainingCommand {
  readonly cmd: "start" | "stop" | "resume";
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface TrainingReply {
  readonly state: TrainingState;
  readonly step: number;
}
