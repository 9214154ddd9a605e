import { z } from "zod";
import {
  count,
  FITTING_HEADS,
  hasFittingHeads,
  hasOneBatchRule,
  hasWarmup,
  learningShape,
  ONE_BATCH_RULE,
  share,
  WARMUP,
} from "./learning-options.ts";
import { textShape } from "./text-options.ts";

/** Everything that makes a run on labelled texts, but the data and the place. */
export const ClassifyOptions = z
  .strictObject({
    task: z.literal("classify").describe("what is learnt of the file"),
    model: z
      .enum(["recurrent", "transformer", "bag"])
      .describe("what reads a text; bag: the average of its words, whatever their order"),
    numLayers: count.describe("layers of a recurrent model or a Transformer"),
    dModel: count.describe("width of the embeddings, and of every layer of a Transformer"),
    numHeads: count.describe("attention heads of a Transformer; they divide dModel"),
    dFeedForward: count.describe("width inside the feed-forward network of a Transformer"),
    norm: z.enum(["post", "pre"]).describe("layer norm of a Transformer after each sum or before each sublayer"),
    cell: z.enum(["rnn", "lstm", "gru"]).describe("cell of a recurrent model, which reads both ways"),
    hiddenSize: count.describe("width of the states of a recurrent model, each way"),
    attention: z
      .enum(["none", "bahdanau"])
      .describe("weights of the words by Bahdanau, or none: of a recurrent model the last state, of a bag the average"),
    attendPadding: z
      .boolean()
      .describe("whether attention of a recurrent model covers the padding before a text too, as in the notes"),
    attentionUnits: count.describe("width inside Bahdanau's attention"),
    denseUnits: count.describe("width of the layer before the output"),
    dropout: share.describe("dropout on embeddings, layers and sublayers"),
    denseDropout: share.describe("dropout before the output"),
    maxLength: count.describe("tokens read of a text; a longer one is cut"),
    truncate: z.enum(["start", "end"]).describe("where a longer text is cut"),

    tokenizer: z.enum(["bpe", "wordpiece", "word"]).describe("pieces of words, or whole words"),
    punctuation: z
      .enum(["isolated", "spaced", "dropped"])
      .describe("punctuation as pieces of its own, spaced as in the notes, or dropped"),
    ...textShape,

    ...learningShape,
    metric: z.enum(["loss", "accuracy"]).describe("what tells the best validation"),
  })
  .refine(hasOneBatchRule, ONE_BATCH_RULE)
  .refine(hasFittingHeads, FITTING_HEADS)
  .refine(hasWarmup, WARMUP);
export type ClassifyOptions = z.infer<typeof ClassifyOptions>;

const common = {
  task: "classify",
  model: "recurrent",
  dModel: 128,
  numHeads: 4,
  dFeedForward: 256,
  norm: "pre",
  cell: "lstm",
  hiddenSize: 64,
  attention: "bahdanau",
  attendPadding: false,
  attentionUnits: 64,
  truncate: "start",
  normalization: "nfc",
  lowercase: true,
  fallback: "bytes",
  bucketWindow: 100,
  accumulate: 1,
  epsilonHat: false,
  labelSmoothing: 0,
  metric: "loss",
  patience: 0,
  average: 1,
  emaDecay: 0,
  seed: 1,
} as const satisfies Partial<ClassifyOptions>;

/** What our own presets have in common. */
const our = {
  numLayers: 1,
  denseUnits: 64,
  punctuation: "isolated",
  optimizer: "adamw",
  weightDecay: 0.01,
  beta2: 0.98,
  epsilon: 1e-9,
  schedule: "cosine",
  learningRate: 2e-3,
  clipNorm: 1,
  validFraction: 0.05,
} as const satisfies Partial<ClassifyOptions>;

/** Options that go well together, for labelled texts. */
export const CLASSIFY_PRESETS = {
  /**
   * The review classifier of the study notes: everything as there, but that both directions of a layer read through one
   * dropout mask. Its batch of 256, a fair draw, is four of 64 by length: less padding, less memory.
   */
  "notes-imdb": {
    ...common,
    numLayers: 2,
    attendPadding: true,
    denseUnits: 20,
    dropout: 0.5,
    denseDropout: 0.5,
    maxLength: 500,
    tokenizer: "word",
    punctuation: "dropped",
    vocabularySize: 10_000,
    batchSize: 64,
    accumulate: 4,
    bucketWindow: 4,
    epochs: 3,
    optimizer: "adam",
    weightDecay: 0,
    beta2: 0.999,
    epsilon: 1e-7,
    epsilonHat: true,
    schedule: "constant",
    learningRate: 1e-3,
    warmupSteps: 0,
    clipNorm: 0,
    keepWeights: "last",
    validFraction: 0,
  },
  /** Our own for reviews of some hundred words in a language that puts blanks between them. */
  reviews: {
    ...common,
    ...our,
    dropout: 0.4,
    denseDropout: 0.4,
    maxLength: 400,
    tokenizer: "word",
    vocabularySize: 20_000,
    batchSize: 32,
    accumulate: 2,
    epochs: 3,
    warmupSteps: 100,
    keepWeights: "last",
    emaDecay: 0.998,
  },
  /** Our own for some hundred or thousand sentences in any language. */
  "short-texts": {
    ...common,
    ...our,
    dropout: 0.5,
    denseDropout: 0.5,
    maxLength: 200,
    tokenizer: "bpe",
    vocabularySize: 3000,
    batchSize: 32,
    epochs: 6,
    learningRate: 3e-3,
    warmupSteps: 50,
    labelSmoothing: 0.1,
    keepWeights: "best",
  },
} as const satisfies Record<string, ClassifyOptions>;
