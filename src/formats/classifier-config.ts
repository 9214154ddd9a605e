import * as z from "zod";
import { AttentionClassifier } from "../models/attention-classifier.ts";
import { BagClassifier } from "../models/bag-classifier.ts";
import type { Classifier } from "../models/classifier.ts";
import type { TransformerOptions } from "../models/transformer.ts";
import { TransformerClassifier } from "../models/transformer-classifier.ts";
import type { CellKind } from "../nn/cells.ts";
import type { NormPlacement } from "../nn/residual.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import type { Truncation } from "../text/truncate.ts";

const count = z.int().positive();
const share = z.number().min(0).lt(1);

/** Keys that every classifier has, as Hugging Face calls them. */
const common = {
  is_encoder_decoder: z.literal(false),
  problem_type: z.literal("single_label_classification"),
  /** The names of the classes by number. */
  id2label: z.record(z.string(), z.string()),
  label2id: z.record(z.string(), z.int().min(0)),
  vocab_size: count,
  d_model: count,
  /** Width of the layer before the output. */
  classifier_units: count,
  dropout: share,
  classifier_dropout: share,
  max_position_embeddings: count,
  /** Where a longer text is cut. */
  truncation_side: z.enum(["left", "right"]),
  pad_token_id: z.int(),
};

const attention = { attention: z.enum(["none", "bahdanau"]), attention_units: count };

const RecurrentConfig = z.object({
  model_type: z.literal("jumok-recurrent-classifier"),
  ...common,
  encoder_layers: count,
  cell: z.enum(["rnn", "lstm", "gru"]),
  /** Width of the states, each way. */
  hidden_size: count,
  ...attention,
  attend_padding: z.boolean(),
});

const TransformerConfig = z.object({
  model_type: z.literal("jumok-transformer-classifier"),
  ...common,
  encoder_layers: count,
  encoder_attention_heads: count,
  encoder_ffn_dim: count,
  normalize_before: z.boolean(),
});

const BagConfig = z.object({ model_type: z.literal("jumok-bag-classifier"), ...common, ...attention });

/** The keys of a classifier's config.json. */
export const ClassifierConfig = z
  .discriminatedUnion("model_type", [RecurrentConfig, TransformerConfig, BagConfig])
  .refine(({ id2label }) => labelsIn(id2label).every((label) => label !== undefined) && labelsIn(id2label).length > 1, {
    error: "wants at least two classes, numbered from 0",
    path: ["id2label"],
  });
export type ClassifierConfig = z.infer<typeof ClassifierConfig>;

/** What tells which classifier to make, and of what sizes. */
export interface ClassifierOptions {
  model: "recurrent" | "transformer" | "bag";
  numLayers: number;
  dModel: number;
  numHeads: number;
  dFeedForward: number;
  norm: NormPlacement;
  cell: CellKind;
  hiddenSize: number;
  attention: "none" | "bahdanau";
  attendPadding: boolean;
  attentionUnits: number;
  denseUnits: number;
  dropout: number;
  denseDropout: number;
  maxLength: number;
  truncate: Truncation;
}

/** The config.json of a classifier with this tokenizer and these names of classes. */
export function classifierConfigOf(
  options: ClassifierOptions,
  tokenizer: Tokenizer,
  labels: readonly string[],
): ClassifierConfig {
  const shared = {
    is_encoder_decoder: false as const,
    problem_type: "single_label_classification" as const,
    id2label: Object.fromEntries(labels.map((label, i) => [String(i), label])),
    label2id: Object.fromEntries(labels.map((label, i) => [label, i])),
    vocab_size: tokenizer.vocabularySize,
    d_model: options.dModel,
    classifier_units: options.denseUnits,
    dropout: options.dropout,
    classifier_dropout: options.denseDropout,
    max_position_embeddings: options.maxLength,
    truncation_side: options.truncate === "start" ? ("left" as const) : ("right" as const),
    pad_token_id: tokenizer.padId,
  };
  const attended = { attention: options.attention, attention_units: options.attentionUnits };
  switch (options.model) {
    case "bag":
      return { model_type: "jumok-bag-classifier", ...shared, ...attended };
    case "recurrent":
      return {
        model_type: "jumok-recurrent-classifier",
        ...shared,
        encoder_layers: options.numLayers,
        cell: options.cell,
        hidden_size: options.hiddenSize,
        ...attended,
        attend_padding: options.attendPadding,
      };
    case "transformer":
      return {
        model_type: "jumok-transformer-classifier",
        ...shared,
        encoder_layers: options.numLayers,
        encoder_attention_heads: options.numHeads,
        encoder_ffn_dim: options.dFeedForward,
        normalize_before: options.norm === "pre",
      };
  }
}

/** The classifier that a config.json describes, or one that differs from it in where a Transformer's words stand. */
export function classifierOf(
  config: ClassifierConfig,
  changes: Pick<TransformerOptions, "positions"> = {},
): Classifier {
  const shared = {
    vocabularySize: config.vocab_size,
    classes: labelsOf(config).length,
    denseUnits: config.classifier_units,
    dropout: config.dropout,
    denseDropout: config.classifier_dropout,
    maxLength: config.max_position_embeddings,
  };
  switch (config.model_type) {
    case "jumok-bag-classifier":
      return new BagClassifier({
        ...shared,
        dEmbedding: config.d_model,
        pooling: config.attention === "bahdanau" ? "attention" : "mean",
        attentionUnits: config.attention_units,
      });
    case "jumok-recurrent-classifier":
      return new AttentionClassifier({
        ...shared,
        cell: config.cell,
        numLayers: config.encoder_layers,
        dEmbedding: config.d_model,
        hiddenSize: config.hidden_size,
        pooling: config.attention === "bahdanau" ? "attention" : "final",
        attendPadding: config.attend_padding,
        attentionUnits: config.attention_units,
      });
    case "jumok-transformer-classifier":
      return new TransformerClassifier({
        ...shared,
        ...changes,
        numLayers: config.encoder_layers,
        dModel: config.d_model,
        numHeads: config.encoder_attention_heads,
        dFeedForward: config.encoder_ffn_dim,
        norm: config.normalize_before ? "pre" : "post",
      });
  }
}

/** The names of the classes, by number. */
export function labelsOf({ id2label }: Pick<ClassifierConfig, "id2label">): readonly string[] {
  return labelsIn(id2label);
}

/** Where a text is cut that is too long for a classifier. */
export function truncationOf({ truncation_side }: Pick<ClassifierConfig, "truncation_side">): Truncation {
  return truncation_side === "left" ? "start" : "end";
}

function labelsIn(id2label: Readonly<Record<string, string>>): string[] {
  return Array.from({ length: Object.keys(id2label).length }, (_, i) => id2label[String(i)]);
}
