import type { HeadPlace } from "../studio/attention-parts.ts";
import type { CellPlace } from "../studio/studio-model.ts";
import type { TrainingHistory, TrainingMoment, TrainingSamples, TrainingStatus } from "../studio/training-wire.ts";
import type { ErrorEvent, GenerateRequest, Kind, ModelCard, OccludeRequest } from "../studio/wire.ts";

/** What the page of an export is told of the model beside it: the JSON of `<script id="in-page">`. */
export interface ModelBeside {
  readonly name: string;
  readonly task: ModelCard["task"];
  /** Bytes that are loaded before the model answers. */
  readonly bytes: number;
  /** Whether `training/` has the history of its run. */
  readonly recorded: boolean;
}

/** `training/run.json`: a run as it stands; `training/film-0.jmk1` and so on are the films of its sentences. */
export interface RecordedRun {
  readonly status: TrainingStatus;
  readonly now: TrainingMoment;
  readonly history: TrainingHistory;
  readonly samples: TrainingSamples;
}

/** What the page asks the worker in which the model runs. */
export type Question =
  | { readonly about: "model" }
  | { readonly about: "generate"; readonly request: GenerateRequest }
  | { readonly about: "attention"; readonly att: string; readonly kind: Kind }
  | { readonly about: "head"; readonly att: string; readonly place: HeadPlace }
  | { readonly about: "cell"; readonly att: string; readonly place: CellPlace }
  | { readonly about: "occlude"; readonly request: OccludeRequest }
  | { readonly about: "lesson"; readonly screen: number; readonly fields: Readonly<Record<string, string>> };

/** What the page orders; the numbers of questions are its own. */
export type Order =
  | { readonly type: "open"; readonly model: ModelBeside; readonly folder: string }
  | { readonly type: "ask"; readonly number: number; readonly question: Question }
  | { readonly type: "stop"; readonly number: number };

/** What the worker tells: how many bytes it has loaded, and the answers, in parts that are plain data, to their ends. */
export type Told = { readonly type: "bytes"; readonly loaded: number } | Reply;

export type Reply = { readonly number: number } & (
  | { readonly type: "part"; readonly part: unknown }
  | { readonly type: "end" }
  | { readonly type: "failed"; readonly error: ErrorEvent }
);
