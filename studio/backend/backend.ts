import type {
  TrainingCommand,
  TrainingHistory,
  TrainingMoment,
  TrainingReply,
  TrainingSamples,
  TrainingStatus,
} from "../../src/studio/training-wire.ts";
import type {
  Cell,
  GenerateEvent,
  GenerateRequest,
  Kind,
  ModelCard,
  OccludeRequest,
  OcclusionEvent,
  OutlineRequest,
  Outlines,
} from "../../src/studio/wire.ts";

import type { Store } from "../app/store.ts";

/** A cell of a map; all from 0. */
export interface CellAddress {
  readonly att: string;
  readonly kind: Kind;
  readonly l: number;
  readonly h: number;
  readonly i: number;
  readonly j: number;
}

/** How far what the model needs has been loaded, in bytes; equal when the rest is to be made ready. */
export interface Progress {
  readonly loaded: number;
  readonly total: number;
}

/** What a backend has beside the model itself. */
export interface Offers {
  /** Letters of figures as outlines, or as a font of just those letters. */
  readonly lettering: boolean;
  /** The run of the model: as it goes on, as it was once recorded, or not at all. */
  readonly training: "live" | "recorded" | "none";
}

/**
 * Who answers what the page asks: a server, or a model in the page.
 *
 * All methods throw a {@link BackendError} where the answer is an error, and a {@link BackendGone} where there is none.
 */
export interface Backend {
  readonly offers: Offers;
  /** Where the model is loaded into the page. */
  readonly progress?: Store<Progress>;
  /** Whether anybody is there. */
  alive(signal: AbortSignal): Promise<boolean>;
  model(signal?: AbortSignal): Promise<ModelCard>;
  generate(request: GenerateRequest, signal: AbortSignal): AsyncIterable<GenerateEvent>;
  /** All layers and heads of a kind, as a JMK1 file. */
  attention(att: string, kind: Kind, signal?: AbortSignal): Promise<ArrayBuffer>;
  /** The exact weights of one head, rows by columns. */
  head(att: string, kind: Kind, layer: number, head: number, signal?: AbortSignal): Promise<Float32Array>;
  cell(address: CellAddress, signal?: AbortSignal): Promise<Cell>;
  occlude(request: OccludeRequest, signal: AbortSignal): AsyncIterable<OcclusionEvent>;
  /** Numbers of a screen of How it works, from the loaded model. */
  lesson(screen: number, fields: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<unknown>;
  outline(request: OutlineRequest, signal?: AbortSignal): Promise<Outlines>;
  /** A WOFF2 with the letters of a text. */
  font(text: string, weight: number, signal?: AbortSignal): Promise<ArrayBuffer>;
  /** The run as it stands, and what may be started. */
  trainingStatus(signal?: AbortSignal): Promise<TrainingStatus>;
  trainingHistory(signal?: AbortSignal): Promise<TrainingHistory>;
  trainingLive(signal: AbortSignal): AsyncIterable<TrainingMoment>;
  trainingSamples(signal?: AbortSignal): Promise<TrainingSamples>;
  /** Attention of a fixed sentence over time, as a JMK1 file whose layers are frames. */
  trainingFilm(example: number, signal?: AbortSignal): Promise<ArrayBuffer>;
  train(command: TrainingCommand): Promise<TrainingReply>;
}
