/** Token ids that decoding needs to know. */
export interface SpecialIds {
  readonly startId: number;
  readonly endId: number;
}

/** A written sentence. */
export interface Hypothesis {
  /** Token ids without `<start>` and `<end>`. */
  readonly tokens: readonly number[];
  /** Sum of the natural logarithms of the probabilities that the model gives to the tokens, `<end>` included. */
  readonly score: number;
  /** What search ranks by: the score as rules changed it, over the length penalty, plus the coverage penalty. */
  readonly penalisedScore: number;
  /** Whether the sentence reached `<end>`; else it was cut off. */
  readonly finished: boolean;
  /** For each step, `<end>` included, attention weights by name, `[heads, key]` of this sentence; empty unless asked for. */
  readonly attention: readonly AttentionStep[];
}

/** What one step attended to, by name, such as `cross.0`. */
export type AttentionStep = Readonly<Record<string, AttentionRow>>;

/** Attention of one query: for each head a weight a key. */
export interface AttentionRow {
  readonly heads: number;
  readonly keys: number;
  /** `[heads, keys]` */
  readonly weights: Float32Array;
}
