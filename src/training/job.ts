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
}

/** The model at work on a few texts while it is trained. */
export interface Sampler {
  samples(): Promise<Sample[]>;
  /** Measures the model's own answers to all that is held out; there where the options want it. */
  own?(): Promise<OwnScores>;
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
  /** @param weights change while the model is trained */
  sampler(engine: Engine, weights: FlatValues): Promise<Sampler>;
}

/** How many texts a sampler shows. */
export const SAMPLES = 3;
