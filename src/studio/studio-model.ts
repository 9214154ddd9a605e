import type { Exhibit, Reading } from "./exhibit.ts";
import type {
  BeamEvent,
  Cell,
  DoneEvent,
  GenerateRequest,
  Kind,
  OccludedEvent,
  SourceEvent,
  TokEvent,
} from "./wire.ts";

/** What is told while a text is answered; the names are given by whoever keeps the exhibit. */
export type GenerateNews = Omit<SourceEvent, "gen"> | TokEvent | BeamEvent | Omit<DoneEvent, "att">;

/** A cell of an attention. */
export interface CellPlace {
  readonly kind: Kind;
  readonly layer: number;
  readonly head: number;
  readonly row: number;
  readonly column: number;
}

/** Which token is asked about, and which words of the source are hidden. */
export interface Occluding {
  readonly token: number;
  /** Default: all words. */
  readonly words?: readonly number[];
}

/** What the page asks of an opened model. Errors are {@link StudioError}s, and the reasons of signals. */
export interface StudioModel {
  /** @returns after the news the attention of the best answer */
  generate(request: GenerateRequest, signal?: AbortSignal): AsyncGenerator<GenerateNews, Exhibit, undefined>;
  cell(reading: Reading, place: CellPlace): Promise<Cell>;
  /** Hides words of the source, one at a time. */
  occlude(reading: Reading, what: Occluding, signal?: AbortSignal): AsyncGenerator<OccludedEvent, void, undefined>;
  release(): Promise<void>;
}
