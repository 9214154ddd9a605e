/**
 * What the page of the studio and an opened model say to one another, as plain data. Indices count from 0; people see
 * them from 1.
 */

/** A piece of a sentence as it is shown. */
export interface Tok {
  /** Its text, without the marks of a tokenizer. */
  readonly t: string;
  /** The number of its word in the sentence. */
  readonly w: number;
  readonly id: number;
  /** Only where it is no text. */
  readonly sp?: SpecialTok;
}

/** `front` is the padding before a text, where a model attends to it; padding that is masked is `pad`. */
export type SpecialTok = "bos" | "eos" | "pad" | "front" | "unk";

/** Which attention: a Transformer's three, or the one look of a recurrent model or of a classifier's pooling. */
export type Kind = "cross" | "enc" | "dec" | "align";

/** How scores come about: `qk/√d`, `qk`, `qWk`, or `vᵀ tanh(Ws + Uh)`; or the model does not attend. */
export type AttentionForm = "scaled" | "dot" | "general" | "bahdanau" | "none";

export type Architecture = "transformer" | "rnn" | "lstm" | "gru" | "birnn" | "bilstm" | "bigru" | "bag";

/** `GET /api/model` */
export interface ModelCard {
  readonly id: string;
  readonly name: string;
  readonly task: "chat" | "translate" | "classify";
  readonly arch: Architecture;
  readonly attn: AttentionForm;
  /** Layers of the encoder, and as many of the decoder; 0 of a bag of words. */
  readonly layers: number;
  /** 1 where the model has no heads. */
  readonly heads: number;
  readonly dModel: number;
  /** Width of a query of one head. */
  readonly dHead: number;
  /** The longest text in tokens, `<start>` and `<end>` included where the model reads them. */
  readonly maxLen: number;
  readonly params: number;
  /** Of a classifier: its classes, by number. */
  readonly labels?: readonly string[];
  /** What there is to be seen, the main one first; empty where the model does not attend. */
  readonly kinds: readonly Kind[];
  readonly examples: readonly Example[];
}

export interface Example {
  readonly id: string;
  readonly src: string;
  readonly tgt?: string;
}

/** `POST /api/generate`; a classifier looks at `src` only. */
export interface GenerateRequest {
  readonly src: string;
  /** Default: 1, the greedy search. */
  readonly beam?: number;
  /** α of the length penalty of Wu et al. 2016; 0 for none. Default: 0. */
  readonly lenPenalty?: number;
  /** Of how many of the likeliest tokens each token tells. Default: 6. */
  readonly topK?: number;
  /** Token ids that the answer has to begin with, such as those up to a runner-up; `<end>` may be the last. */
  readonly force?: readonly number[];
}

/** What may have come at a place: text, probability, token id (of a classifier the number of the class). */
export type Candidate = readonly [t: string, p: number, id: number];

/** Server-sent events of `POST /api/generate`; the name of each event is its `type`. */
export type GenerateEvent = SourceEvent | TokEvent | BeamEvent | DoneEvent | ErrorEvent;

/** The first event: what is read. */
export interface SourceEvent {
  readonly type: "src";
  /** The number of this generation. */
  readonly gen: string;
  readonly toks: readonly Tok[];
  readonly words: readonly string[];
  /** Tokens that were cut off because a classifier reads no more. */
  readonly cut: number;
}

/** A token that will not be taken back, in order; `<end>` too. Of a classifier the one verdict. */
export interface TokEvent {
  readonly type: "tok";
  readonly i: number;
  readonly tok: Tok;
  readonly p: number;
  /** The likeliest at this place, best first; the token itself may not be among them. */
  readonly top: readonly Candidate[];
  /**
   * Attention to the source as u8sqrt in base64, a byte a source token: the mean over the heads of the last layer (of a
   * Transformer's classifier the mean over its queries too). Absent where the model does not attend.
   */
  readonly look?: string;
}

/** What a step of the search came to: its nodes, best first. */
export interface BeamEvent {
  readonly type: "beam";
  /** How many tokens the paths have, from 1. */
  readonly step: number;
  readonly nodes: readonly BeamNode[];
}

/** A token after a path. */
export interface BeamNode {
  /** From 1; numbers are not used twice. */
  readonly n: number;
  /** The node before it; 0 for `<start>`. */
  readonly up: number;
  readonly t: string;
  readonly id: number;
  readonly sp?: SpecialTok;
  readonly p: number;
  /** Sum of the natural logarithms of the probabilities of all tokens of its path. */
  readonly score: number;
  /** Whether the path goes on, or has ended with `<end>` and counts; else it was cut here. */
  readonly kept: boolean;
}

/** The last event. */
export interface DoneEvent {
  readonly type: "done";
  readonly text: string;
  readonly words: readonly string[];
  /** The answers that were found, best first; of a classifier its classes. */
  readonly nbest: readonly NBest[];
  readonly ms: number;
  /** By this name the attention is asked for, and words are hidden, while the server keeps it. */
  readonly att: string;
}

export interface NBest {
  readonly text: string;
  /** What the search ranked it by. */
  readonly score: number;
  /** Sum of the natural logarithms of the probabilities. */
  readonly logp: number;
  /** Its token ids, `<end>` included where it was reached: `force` them to see it in full. */
  readonly ids: readonly number[];
  /** The last node of its path in the tree; 0 of a classifier. */
  readonly node: number;
}

/** What is wrong and what to do, in both languages: an event of a stream, or the JSON of an answer of status 4xx or 5xx. */
export interface ErrorEvent {
  readonly type: "error";
  readonly code: string;
  readonly ko: string;
  readonly en: string;
}

/** Which tokens an axis has: those of the source, those that were written, or those that the decoder read. */
export type Axis = "src" | "tgt" | "read";

/**
 * The JSON of a JMK1 file, `GET /api/att/ID?kind=KIND`:
 *
 *     "JMK1" | uint32 jsonBytes | json | weights
 *
 * Numbers are little-endian. `json` is UTF-8 of `jsonBytes` bytes, filled up with blanks so that the weights begin at a
 * multiple of 4. A weight is a byte u, `(u/255)²`, in the order layer, head, row, column.
 *
 * `GET /api/att/ID/KIND/LAYER/HEAD` gives the exact weights of one head: float32, little-endian, `[rows, cols]`.
 */
export interface AttentionHeader {
  readonly kind: Kind;
  readonly layers: number;
  readonly heads: number;
  readonly rows: number;
  readonly cols: number;
  readonly rowTok: Axis;
  readonly colTok: Axis;
  readonly dtype: "u8sqrt";
  /** Whether columns after the row's own are masked. */
  readonly causal: boolean;
  /** The tokens of the axes, `rows` and `cols` many; of a classifier's pooling the row is its label. */
  readonly toks: Readonly<Partial<Record<Axis, readonly Tok[]>>>;
  readonly words: Readonly<Partial<Record<Axis, readonly string[]>>>;
  /** Mean entropy of the rows of each head in bits, `[layers · heads]`. */
  readonly entropy: readonly number[];
  /** Of a film: the training step of each frame; its frames stand for layers. */
  readonly steps?: readonly number[];
}

/** `GET /api/cell?att=ID&kind=KIND&l=0&h=0&i=0&j=0`: how the weight in row i and column j came about. Six digits. */
export type Cell = ScaledCell | DotCell | BahdanauCell;

interface AnyCell {
  /** Width of the vectors that are compared. */
  readonly d: number;
  /** Why this cell may not be looked at; its weight is 0. */
  readonly mask: "pad" | "future" | null;
  /** For each column its score before the mask, and its weight. */
  readonly row: readonly (readonly [score: number, weight: number])[];
}

/** `softmax(qk/√d) V` of one head. */
export interface ScaledCell extends AnyCell {
  readonly form: "scaled";
  readonly q: readonly number[];
  readonly k: readonly number[];
  readonly qk: number;
  /** `qk/√d`, the score. */
  readonly scaled: number;
  /** The value of the column. */
  readonly v: readonly number[];
  /** The sum of all values by their weights. */
  readonly out: readonly number[];
}

/** Luong's: `q` is the state, or of `general` the state times W; values are the keys. */
export interface DotCell extends AnyCell {
  readonly form: "dot" | "general";
  /** Only of `general`: the state. */
  readonly s?: readonly number[];
  readonly q: readonly number[];
  readonly k: readonly number[];
  /** The score. */
  readonly qk: number;
  readonly v: readonly number[];
  readonly out: readonly number[];
}

/** `score = vEnergy · tanh(Ws + Uh)`; biases are in `Ws` and `Uh`. */
export interface BahdanauCell extends AnyCell {
  readonly form: "bahdanau";
  /** The state that asks. */
  readonly s: readonly number[];
  /** The state that is looked at, also the value. */
  readonly h: readonly number[];
  readonly Ws: readonly number[];
  readonly Uh: readonly number[];
  readonly tanh: readonly number[];
  readonly vEnergy: readonly number[];
  /** What the score has more than that, where a column stands for n alike: ln n. */
  readonly counted?: number;
  readonly score: number;
  /** The sum of all states by their weights. */
  readonly ctx: readonly number[];
}

/** `POST /api/occlude`: what becomes of token i (of a classifier 0, the verdict) when words of the source are hidden. */
export interface OccludeRequest {
  readonly att: string;
  readonly i: number;
  /** Only these words of the source. Default: all. */
  readonly words?: readonly number[];
}

/** Server-sent events of `POST /api/occlude`; the name of each event is its `type`. */
export type OcclusionEvent = OccludedEvent | { readonly type: "done" } | ErrorEvent;

/** One word of the source left out. */
export interface OccludedEvent {
  readonly type: "word";
  /** The number of the word. */
  readonly w: number;
  /** Probability of the token with the word, and without. */
  readonly p0: number;
  readonly p1: number;
  /** What the model then answers; of a classifier the likeliest class. */
  readonly text: string;
}

/** `POST /api/outline`: runs of text as outlines, in the page's own typeface. */
export interface OutlineRequest {
  readonly runs: readonly { readonly s: string; readonly size: number; readonly wght: number }[];
}

export interface Outlines {
  /** For each run the path of its glyphs, its baseline beginning at 0, 0, y downwards; and how far it reaches. */
  readonly d: readonly string[];
  readonly adv: readonly number[];
}
