import type { Language } from "../explain/wording.ts";
import type { AttentionHeader } from "./wire.ts";

/** What the Training view and a run say to one another, as plain data. */

/** What a run is doing; `none`: there is none. `nan`: a loss was no number. `failed`: {@link TrainingStatus.problem} says why. */
export type TrainingState = "none" | "starting" | "run" | "stopping" | "stopped" | "done" | "nan" | "failed";

/** `GET /api/train`: the run as it stands, and what may be started. */
export interface TrainingStatus {
  readonly state: TrainingState;
  readonly step: number;
  readonly total: number;
  readonly epoch: number;
  readonly epochs: number;
  /** The step of the last checkpoint, from which it can go on. */
  readonly savedStep?: number;
  /** What went wrong. */
  readonly problem?: Readonly<Record<Language, string>>;
  /** Where a run that was started on the page is, as `jumok serve` opens it. */
  readonly folder?: string;
  /** The name of its file. */
  readonly file?: string;
  readonly task?: "chat" | "translate" | "classify";
  /** What its learning rate follows, such as `noam`. */
  readonly schedule?: string;
  /** The sentences of the film; empty where the model does not attend. */
  readonly film: readonly string[];
  /** Whether this server may be told to start, stop and resume. */
  readonly commands: boolean;
  /** What may be trained on: chosen by `id`, never by a path. */
  readonly files: readonly TrainingFile[];
  readonly presets: readonly TrainingPreset[];
}

export interface TrainingPreset {
  readonly name: string;
  readonly task: "chat" | "translate" | "classify";
  readonly learningRate: number;
  /** What the learning rate follows; for `noam`, `learningRate` is a factor on the paper's formula. */
  readonly schedule: string;
}

export interface TrainingFile {
  readonly id: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
}

/** `GET /api/train/history`: columns of numbers, one a reported step; `null` where a step had no such number. */
export interface TrainingHistory {
  readonly steps: readonly number[];
  readonly loss: readonly (number | null)[];
  readonly valLoss: readonly (number | null)[];
  readonly acc: readonly (number | null)[];
  readonly valAcc: readonly (number | null)[];
  readonly lr: readonly (number | null)[];
  /** What the formula of the schedule says. */
  readonly lrFormula: readonly (number | null)[];
  readonly tokPerSec: readonly (number | null)[];
  readonly events: readonly { readonly step: number; readonly type: string }[];
}

/** Server-sent events of `GET /api/train/live`: where the run stands now, and then each step and change of state. */
export interface TrainingMoment {
  readonly state: TrainingState;
  readonly step: number;
  readonly total: number;
  readonly epoch: number;
  readonly loss: number | null;
  readonly acc: number | null;
  readonly lr: number | null;
  readonly lrFormula: number | null;
  readonly tokPerSec: number | null;
  readonly etaSec: number | null;
  /** Only of the moment after a validation. */
  readonly valLoss?: number;
  readonly valAcc?: number;
  /** Only of the moment after a checkpoint. */
  readonly saved?: true;
  /** How often the fixed texts were looked at: samples and film are new when it has grown. */
  readonly looks: number;
  /** How many runs this server has seen begin or go on: the history is another when it has grown. */
  readonly runs: number;
}

/** `GET /api/train/samples`: answers to fixed prompts as they change. */
export interface TrainingSamples {
  readonly prompts: readonly string[];
  /** What the data answers. */
  readonly expected: readonly string[];
  readonly at: readonly {
    readonly step: number;
    /** An answer a prompt, and the probability that the model gives it. */
    readonly out: readonly string[];
    readonly p: readonly number[];
  }[];
}

/**
 * The JSON of `GET /api/train/film?x=NUMBER`, a JMK1 file of one sentence: its layers are the frames, its heads all heads of
 * the model, layer by layer.
 */
export interface FilmHeader extends AttentionHeader {
  /** The step of each frame. */
  readonly steps: readonly number[];
  /** What the model has. */
  readonly of: { readonly layers: number; readonly heads: number };
}

/** `POST /api/train` */
export type TrainingCommand =
  | { readonly cmd: "stop" }
  | { readonly cmd: "resume" }
  | { readonly cmd: "start"; readonly config: StartingTraining };

export interface StartingTraining {
  /** The `id` of one of the files. */
  readonly file: string;
  readonly preset: string;
  /** Options of the run by their names, such as `epochs`. */
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface TrainingReply {
  readonly state: TrainingState;
  readonly step: number;
}
