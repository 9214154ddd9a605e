import type { SearchOptions } from "../decoding/search-options.ts";
import type { AttentionChoice } from "../explain/attention-view.ts";
import type { Reading } from "../studio/exhibit.ts";
import type { LessonNumbers } from "../studio/lesson-wire.ts";
import type { CellPlace, Generated, GenerateNews, LessonRequest, Occluding } from "../studio/studio-model.ts";
import type { Cell, GenerateRequest, OccludedEvent, OutlineRequest, Outlines } from "../studio/wire.ts";

/** How an answer is searched for, as plain data that can go to another thread. */
export type Search = Omit<SearchOptions, "constraint" | "attention" | "signal" | "each" | "arrivals">;

/** A text that a model shall answer. */
export interface WriteTask {
  readonly kind: "write";
  readonly text: string;
  readonly search: Search;
  /** Of its draws; the seed of the search is not looked at, so that texts with different seeds can share a batch. */
  readonly seed?: number;
  /** Whether parts of the answer are told as they are written. */
  readonly parts: boolean;
}

/** A text whose class is to be told. */
export interface JudgeTask {
  readonly kind: "judge";
  readonly text: string;
  /** Whether to tell how much attention each word got. */
  readonly attention: boolean;
}

/** A text whose attention is to be shown. */
export interface ExplainTask {
  readonly kind: "explain";
  readonly text: string;
  readonly target?: string;
  /** Default: everything. */
  readonly choice?: AttentionChoice;
  /** The most weights that may be told. */
  readonly most: number;
}

/** A text that the page wants answered, with all that leads to the answer. */
export interface GenerateTask {
  readonly kind: "generate";
  readonly request: GenerateRequest;
}

/** Words to be hidden from a model, for the page. */
export interface OccludeTask {
  readonly kind: "occlude";
  readonly reading: Reading;
  readonly what: Occluding;
}

/** A cell of an attention whose arithmetic the page wants. */
export interface CellTask {
  readonly kind: "cell";
  readonly reading: Reading;
  readonly place: CellPlace;
}

/** Numbers that a screen of "How it works" wants. */
export interface LessonTask {
  readonly kind: "lesson";
  readonly request: LessonRequest;
}

/** Text that the page wants as outlines. */
export interface OutlineTask {
  readonly kind: "outline";
  readonly request: OutlineRequest;
}

/** Letters that the page wants as a font. */
export interface FontTask {
  readonly kind: "font";
  readonly text: string;
  readonly weight: number;
}

/** What the page of the studio wants of the model. */
export type StudioTask = GenerateTask | OccludeTask | CellTask | LessonTask;

/** One text and what is to be done with it. */
export type Task = WriteTask | JudgeTask | ExplainTask | StudioTask | OutlineTask | FontTask;

/** One way to answer a text. */
export interface WrittenAlternative {
  readonly answer: string;
  readonly tokens: readonly string[];
  readonly score: number;
  readonly penalisedScore: number;
  readonly finished: boolean;
}

/** An answer. */
export interface Written extends WrittenAlternative {
  /** How many tokens the model read, `<start>` and `<end>` included. */
  readonly tokensRead: number;
  readonly milliseconds: number;
  /** Only where several were asked for: all of them, from the best on. */
  readonly nBest?: readonly WrittenAlternative[];
}

/** The class of a text. */
export interface Judged {
  readonly label: string;
  readonly probability: number;
  readonly probabilities: Readonly<Record<string, number>>;
  /** Only where it was asked for, of a model that attends. */
  readonly attention?: readonly { readonly word: string; readonly weight: number }[];
  readonly paddingAttention?: number;
  readonly tokensRead: number;
  readonly tokensCut: number;
}

interface Results {
  readonly write: Written;
  readonly judge: Judged;
  /** The attention as JSON. */
  readonly explain: string;
  readonly generate: Generated;
  readonly occlude: "hidden";
  readonly cell: Cell;
  readonly lesson: LessonNumbers;
  readonly outline: Outlines;
  readonly font: Uint8Array;
}

/** What is told before the result. */
interface Parts {
  readonly write: string;
  readonly judge: never;
  readonly explain: never;
  readonly generate: GenerateNews;
  readonly occlude: OccludedEvent;
  readonly cell: never;
  readonly lesson: never;
  readonly outline: never;
  readonly font: never;
}

/** What comes of a task. */
export type ResultOf<T extends Task> = Results[T["kind"]];
export type Result = Results[Task["kind"]];
export type PartOf<T extends Task> = Parts[T["kind"]];
export type Part = Parts[Task["kind"]];

/** How many rows of a batch a task needs: of a search, one for each beam or sample. */
export function rowsOf(task: Task): number {
  if (task.kind === "generate") return task.request.beam ?? 1;
  if (task.kind !== "write") return 1;
  const { beam = 1, nBest = 1 } = task.search;
  return Math.max(beam, nBest);
}

/** Tasks of the same key can share a batch; tasks without one run alone. */
export function batchKeyOf(task: Task): string | undefined {
  if (task.kind === "judge") return "judge";
  return task.kind === "write" ? `write ${JSON.stringify(task.search)}` : undefined;
}

/** Whether a task can join those of its key that are being worked on: it goes step by step as they do. */
export function canJoin(task: Task): boolean {
  return task.kind === "write";
}

/** How many tokens were written in all, the ends included. */
export function tokensWritten(written: Written): number {
  const all: readonly WrittenAlternative[] = written.nBest ?? [written];
  return all.reduce((sum, { tokens, finished }) => sum + tokens.length + (finished ? 1 : 0), 0);
}

/** Tokens that a task took. Those of attention and of hidden words are not counted. */
export function tokensTaken(result: Result): { read: number; written: number } {
  if (typeof result === "string") return { read: 0, written: 0 };
  if ("exhibit" in result) {
    const { done, exhibit } = result;
    const written = done.nbest.reduce((sum, { ids }) => sum + ids.length, 0);
    return { read: exhibit.reading.source.length, written };
  }
  if ("tokensRead" in result) {
    return { read: result.tokensRead, written: "answer" in result ? tokensWritten(result) : 0 };
  }
  return { read: 0, written: 0 };
}
