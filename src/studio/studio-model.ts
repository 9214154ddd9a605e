import type { HeadPlace } from "./attention-parts.ts";
import type { Exhibit, Reading } from "./exhibit.ts";
import type { LessonNumbers } from "./lesson-wire.ts";
import type { BeamEvent, Cell, DoneEvent, GenerateRequest, OccludedEvent, SourceEvent, TokEvent } from "./wire.ts";

/** How an answer is searched for. */
export type LessonSearch = Pick<GenerateRequest, "beam" | "lenPenalty" | "force">;

/** What is told while a text is answered; names are given by whoever keeps the attention. */
export type GenerateNews = Omit<SourceEvent, "gen"> | TokEvent | BeamEvent;

/** What a text came to. */
export interface Generated {
  readonly done: Omit<DoneEvent, "att">;
  /** The attention of the best answer. */
  readonly exhibit: Exhibit;
}

/** Which token is asked about, and which words of the source are hidden. */
export interface Occluding {
  readonly token: number;
  /** Default: all words. */
  readonly words?: readonly number[];
}

/** A cell of an attention. */
export interface CellPlace extends HeadPlace {
  readonly row: number;
  readonly column: number;
}

/** Which numbers a screen of "How it works" wants; of a padded batch the texts, which may be filled up with examples. */
export type LessonRequest =
  | ({ readonly about: "head"; readonly src: string; readonly search?: LessonSearch } & HeadPlace)
  | ({ readonly about: "padding"; readonly texts: readonly string[] } & Omit<HeadPlace, "kind">)
  | ({ readonly about: "position"; readonly src: string; readonly from: number; readonly to: number } & Omit<
      HeadPlace,
      "kind"
    >);

/** What the page asks of an opened model. Errors are those named `StudioError`, and the reasons of signals. */
export interface StudioModel {
  generate(request: GenerateRequest, signal?: AbortSignal): AsyncGenerator<GenerateNews, Generated, undefined>;
  /** How one weight came about. */
  cell(reading: Reading, place: CellPlace): Promise<Cell>;
  /** Hides words of the source, one at a time. */
  occlude(reading: Reading, what: Occluding, signal?: AbortSignal): AsyncGenerator<OccludedEvent, void, undefined>;
  /** Numbers for a screen of "How it works". */
  lesson(request: LessonRequest, signal?: AbortSignal): Promise<LessonNumbers>;
  release(): Promise<void>;
}
