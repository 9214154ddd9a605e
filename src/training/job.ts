import type { Problem } from "../data/data-error.ts";
import type { LabelReport } from "../data/label-report.ts";
import type { TextLeak } from "../data/labelled-split.ts";
import type { DataReport } from "../data/report.ts";
import type { LeakReport } from "../data/split.ts";
import type { LoadedModel } from "../formats/loaded-model.ts";
import type { Engine } from "../runtime/engine.ts";
import type { FlatValues } from "../runtime/parameters.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import type { OwnScores } from "./events.ts";
import type { Filming } from "./filming.ts";
import type { Task } from "./task.ts";
import type { TrainData } from "./train-options.ts";

/** The data was read and split. */
export type DataEvent = {
  readonly type: "data";
  readonly file: string;
  /** The columns that were read: what each holds, and its name. */
  readonly columns: Readonly<Record<string, string>>;
  /** Some of the rows left out, for people to look at. */
  readonly problems: readonly Problem[];
  readonly vocabularySize: number;
  readonly train: number;
  readonly valid: number;
} & (
  | { readonly task: "chat" | "translate"; readonly report: DataReport; readonly leak?: LeakReport }
  | {
      readonly task: "classify";
      readonly report: LabelReport;
      readonly leak?: TextLeak;
      readonly labels: readonly string[];
    }
);

/** What a model makes of a text, beside what the data says. */
export interface Sample {
  readonly source: string;
  readonly answer: string;
  readonly expected: string;
  /** That the model gives its answer: of a class, or of a token of the answer, their geometric mean. */
  readonly probability: number;
}

/** The model at work on a few texts while it is trained. */
export interface Sampler {
  samples(): Promise<Sample[]>;
  /** Measures the model's own answers to all that is held out; there where the options want it. */
  own?(): Promise<OwnScores>;
  /** There where it is wanted and the model attends. */
  readonly filming?: Filming;
  release(): Promise<void>;
}

/** The files of a run, read. */
export interface RunFiles<Example> {
  readonly sha256: { readonly data: string; readonly valid?: string };
  readonly columns: Readonly<Record<string, string>>;
  /** Splits and encodes what was read. */
  prepare(): Job<Example>;
}

/** A run ready to begin: what is learnt, by which model, of which examples. */
export interface Job<Example> {
  readonly data: DataEvent;
  readonly task: Task<Example>;
  readonly examples: TrainData<Example>;
  readonly config: LoadedModel["config"];
  readonly tokenizer: Tokenizer;
  /**
   * @param weights change while the model is trained
   * @param options.film Whether attention is to be filmed
   */
  sampler(engine: Engine, weights: FlatValues, options: { readonly film: boolean }): Promise<Sampler>;
}

/** How many texts a sampler shows. */
export const SAMPLES = 5;
