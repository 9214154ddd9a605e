import { z } from "zod";
import { constant, cosine, linear, noam, type Schedule } from "../optim/schedule.ts";

const count = z.int().positive();
const share = z.number().min(0).lt(1);

/** Everything that makes a training run, but the data and the place. The keys of a config file, and flags. */
export const RunOptions = z
  .strictObject({
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

    tokenizer: z.enum(["bpe", "wordpiece"]).describe("kind of subword tokenizer"),
    vocabularySize: count.describe("pieces the tokenizer may have"),
    normalization: z.enum(["nfc", "nfkc", "none"]).describe("Unicode normalisation"),
    lowercase: z.boolean().describe("whether letter case is dropped"),
    punctuation: z.enum(["isolated", "spaced"]).describe("punctuation as pieces of its own, or spaced as in the notes"),
    fallback: z.enum(["bytes", "characters"]).describe("unknown characters as bytes, or as <unk>"),

    epochs: count.describe("times every pair is seen"),
    batchSize: count.optional().describe("pairs a batch; or batchTokens"),
    batchTokens: count.optional().describe("tokens a batch, padding included; or batchSize"),
    bucketWindow: count.describe("batches cut from one window sorted by length; fewer mix better and pad more"),
    accumulate: count.describe("batches summed for one step of the optimizer"),
    optimizer: z.enum(["adam", "adamw"]).describe("adamw adds weight decay"),
    weightDecay: z.number().min(0).describe("of adamw"),
    schedule: z.enum(["noam", "linear", "cosine", "constant"]).describe("how the learning rate moves"),
    learningRate: z.number().positive().describe("the highest rate; for noam a factor on the paper's formula"),
    warmupSteps: z.int().min(0).describe("steps until the highest rate"),
    labelSmoothing: share.describe("share of the target probability spread over all tokens"),
    clipNorm: z.number().min(0).describe("largest norm of the gradients; 0 for no limit"),
    sourceNoise: z.number().min(0).max(1).describe("share of sources that get typing slips, drawn anew each epoch"),
    patience: z.int().min(0).describe("validations without improvement before stopping; 0 for never"),
    validFraction: share.describe("share of the pairs held out for validation"),
    keepTogether: z.enum(["none", "source", "target", "either", "group"]).describe("rows that are held out together"),
    seed: z.int().min(0).describe("of weights, dropout, order and split"),
  })
  .refine(({ batchSize, batchTokens }) => (batchSize === undefined) !== (batchTokens === undefined), {
    error: "give one of batchSize and batchTokens",
    path: ["batchSize"],
  })
  .refine(({ model, numHeads, dModel }) => model !== "transformer" || dModel % numHeads === 0, {
    error: "must divide dModel",
    path: ["numHeads"],
  })
  .refine(({ model, bidirectional, dModel }) => model !== "recurrent" || !bidirectional || dModel % 2 === 0, {
    error: "must be even for an encoder that reads both ways",
    path: ["dModel"],
  })
  .refine(({ schedule, warmupSteps }) => schedule !== "noam" || warmupSteps > 0, {
    error: "noam wants at least one step",
    path: ["warmupSteps"],
  });
export type RunOptions = z.infer<typeof RunOptions>;

/** The schedule that the options name. */
export function scheduleOf(options: RunOptions): (totalSteps: number) => Schedule {
  const { schedule, learningRate: peak, warmupSteps, dModel } = options;
  return (totalSteps) => {
    switch (schedule) {
      case "noam":
        return noam(dModel, warmupSteps, peak);
      case "linear":
        return linear({ peak, warmupSteps, totalSteps });
      case "cosine":
        return cosine({ peak, warmupSteps, totalSteps });
      case "constant":
        return constant({ peak, warmupSteps });
    }
  };
}

const common = {
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
  schedule: "noam",
  learningRate: 1,
  labelSmoothing: 0,
  clipNorm: 0,
  sourceNoise: 0,
  patience: 0,
  validFraction: 0,
  keepTogether: "none",
  seed: 1,
} as const satisfies Partial<RunOptions>;

/** Options that go well together. */
export const PRESETS = {
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
} as const satisfies Record<string, RunOptions>;

export type PresetName = keyof typeof PRESETS;

/** Options that do not fit; the message names the key. */
export class OptionsError extends Error {
  override readonly name = "OptionsError";
}

/**
 * The options of a preset, with some of them replaced. A later change wins over an earlier one, and of `batchSize` and
 * `batchTokens` the one that was given last.
 *
 * @throws {OptionsError} when an option is not known or a value is none it may have
 */
export function runOptions(preset: PresetName, ...changes: readonly Partial<RunOptions>[]): RunOptions {
  let options: Record<string, unknown> = { ...PRESETS[preset] };
  for (const change of changes) {
    if (change.batchSize !== undefined) options = { ...options, batchTokens: undefined };
    if (change.batchTokens !== undefined) options = { ...options, batchSize: undefined };
    options = { ...options, ...change };
  }
  const parsed = RunOptions.safeParse(options);
  if (!parsed.success)
    throw new OptionsError(parsed.error.issues.map((issue) => describeIssue(issue, options)).join("; "));
  return JSON.parse(JSON.stringify(parsed.data)) as RunOptions;
}

function describeIssue(issue: z.core.$ZodIssue, options: Readonly<Record<string, unknown>>): string {
  if (issue.code === "unrecognized_keys") return `${issue.keys.join(", ")}: there is no such option`;
  const key = String(issue.path[0]);
  const came = options[key] === undefined ? "" : `, not ${JSON.stringify(options[key])}`;
  return `${key}: ${issue.message}${came}`;
}
