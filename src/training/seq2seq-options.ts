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

/** Everything that makes a run on pairs, but the data and the place. The keys of a config file, and flags. */
export const Seq2SeqOptions = z
  .strictObject({
    task: z.enum(["chat", "translate"]).describe("what is learnt of the file"),
    model: z.enum(["transformer", "recurrent"]).describe("kind of encoder and decoder"),
    numLayers: count.describe("layers of the encoder, and of the decoder"),
    dModel: count.describe("width of every layer"),
    numHeads: count.describe("attention heads of a Transformer; they divide dModel"),
    dFeedForward: count.describe("width inside the feed-forward network of a Transformer"),
    cell: z.enum(["rnn", "lstm", "gru"]).describe("cell of a recurrent model"),
    attention: z.enum(["none", "dot", "general", "bahdanau"]).describe("how a recurrent decoder looks at the source"),
    bidirectional: z.boolean().describe("whether a recurrent encoder reads both ways, half of dModel each"),
    dropout: share.describe("dropout on embeddings and sublayers"),
    maskedAttentionDropout: share
      .optional()
      .describe("dropout after the self-attention of a Transformer's decoder; without it: dropout"),
    maxLength: count
      .min(3)
      .describe("longest source or target in tokens, with start and end; longer pairs are left out"),
    norm: z
      .enum(["post", "pre"])
      .describe("layer norm of a Transformer after each sum (the paper) or before each sublayer"),
    tiedEmbeddings: z
      .enum(["none", "target", "all"])
      .describe("which of a Transformer's source, target and output tables are one"),

    tokenizer: z.enum(["bpe", "wordpiece", "word"]).describe("pieces of words, or whole words"),
    punctuation: z.enum(["isolated", "spaced"]).describe("punctuation as pieces of its own, or spaced as in the notes"),
    ...textShape,
    ...learningShape,
    metric: z.enum(["loss", "accuracy", "bleu", "chrf"]).describe("what tells the best validation"),
    bpeDropout: share.describe("share of the merges that the tokenizer leaves out by chance, anew each epoch"),
    sourceNoise: z.number().min(0).max(1).describe("share of sources that get typing slips, drawn anew each epoch"),
    keepTogether: z.enum(["none", "source", "target", "either", "group"]).describe("rows that are held out together"),
  })
  .refine(hasOneBatchRule, ONE_BATCH_RULE)
  .refine(hasFittingHeads, FITTING_HEADS)
  .refine(({ model, bidirectional, dModel }) => model !== "recurrent" || !bidirectional || dModel % 2 === 0, {
    error: "must be even for an encoder that reads both ways",
    path: ["dModel"],
  })
  .refine(({ bpeDropout, tokenizer }) => bpeDropout === 0 || tokenizer === "bpe", {
    error: "wants the tokenizer bpe",
    path: ["bpeDropout"],
  })
  .refine(hasWarmup, WARMUP);
export type Seq2SeqOptions = z.infer<typeof Seq2SeqOptions>;

const common = {
  task: "chat",
  model: "transformer",
  cell: "lstm",
  attention: "bahdanau",
  bidirectional: true,
  norm: "post",
  tokenizer: "bpe",
  normalization: "nfc",
  lowercase: false,
  punctuation: "isolated",
  fallback: "bytes",
  bucketWindow: 100,
  accumulate: 1,
  optimizer: "adam",
  weightDecay: 0,
  beta2: 0.98,
  epsilon: 1e-9,
  epsilonHat: false,
  schedule: "noam",
  learningRate: 1,
  labelSmoothing: 0,
  clipNorm: 0,
  metric: "loss",
  bpeDropout: 0,
  sourceNoise: 0,
  patience: 0,
  keepWeights: "best",
  average: 1,
  emaDecay: 0,
  validFraction: 0,
  keepTogether: "none",
  seed: 1,
} as const satisfies Partial<Seq2SeqOptions>;

/** Options that go well together, for pairs. */
export const SEQ2SEQ_PRESETS = {
  /** The program of the study notes: everything as there, embeddings of their own for source, target and output. */
  "notes-chatbot": {
    ...common,
    numLayers: 2,
    dModel: 256,
    numHeads: 8,
    dFeedForward: 512,
    dropout: 0.1,
    maskedAttentionDropout: 0,
    maxLength: 40,
    tiedEmbeddings: "none",
    vocabularySize: 8192,
    punctuation: "spaced",
    epsilonHat: true,
    batchSize: 64,
    bucketWindow: 1,
    epochs: 50,
    warmupSteps: 4000,
  },
  /** For some thousand pairs on a laptop: small, regularised, quick to learn. */
  small: {
    ...common,
    numLayers: 2,
    dModel: 192,
    numHeads: 6,
    dFeedForward: 768,
    dropout: 0.2,
    maxLength: 64,
    norm: "pre",
    tiedEmbeddings: "all",
    vocabularySize: 2000,
    batchSize: 64,
    epochs: 60,
    optimizer: "adamw",
    weightDecay: 0.01,
    schedule: "cosine",
    learningRate: 2e-3,
    warmupSteps: 200,
    labelSmoothing: 0.1,
    clipNorm: 1,
    sourceNoise: 0.5,
    validFraction: 0.05,
  },
  /** For some thousand to some hundred thousand pairs of sentences in two languages. */
  translation: {
    ...common,
    task: "translate",
    numLayers: 3,
    dModel: 192,
    numHeads: 6,
    dFeedForward: 768,
    dropout: 0.3,
    maxLength: 128,
    norm: "pre",
    tiedEmbeddings: "all",
    vocabularySize: 6000,
    batchTokens: 4096,
    epochs: 40,
    optimizer: "adamw",
    weightDecay: 0.01,
    schedule: "inverse-sqrt",
    learningRate: 2e-3,
    warmupSteps: 400,
    labelSmoothing: 0.1,
    clipNorm: 1,
    bpeDropout: 0.1,
    validFraction: 0.05,
    keepTogether: "either",
    average: 5,
  },
  /**
   * The Transformer-Tiny that is usual for Multi30k (Wu et al. 2021, "Good for Misconceived Reasons", §4.1): some 8,000
   * target tokens a step, and the mean of the last ten epochs.
   */
  "multi30k-tiny": {
    ...common,
    task: "translate",
    numLayers: 4,
    dModel: 128,
    numHeads: 4,
    dFeedForward: 256,
    dropout: 0.3,
    maxLength: 128,
    tiedEmbeddings: "all",
    vocabularySize: 10000,
    fallback: "characters",
    batchTokens: 8192,
    accumulate: 2,
    epochs: 80,
    epsilon: 1e-8,
    schedule: "inverse-sqrt",
    learningRate: 5e-3,
    warmupSteps: 2000,
    labelSmoothing: 0.1,
    average: 10,
  },
  /** The base model of the paper (Vaswani et al. 2017, table 3). */
  base: {
    ...common,
    numLayers: 6,
    dModel: 512,
    numHeads: 8,
    dFeedForward: 2048,
    dropout: 0.1,
    maxLength: 256,
    tiedEmbeddings: "all",
    vocabularySize: 37000,
    batchTokens: 8192,
    accumulate: 6,
    epochs: 20,
    warmupSteps: 4000,
    labelSmoothing: 0.1,
    validFraction: 0.01,
  },
  /** The big model of the paper (table 3). */
  big: {
    ...common,
    numLayers: 6,
    dModel: 1024,
    numHeads: 16,
    dFeedForward: 4096,
    dropout: 0.3,
    maxLength: 256,
    tiedEmbeddings: "all",
    vocabularySize: 37000,
    batchTokens: 4096,
    accumulate: 12,
    epochs: 20,
    warmupSteps: 4000,
    labelSmoothing: 0.1,
    validFraction: 0.01,
  },
} as const satisfies Record<string, Seq2SeqOptions>;
