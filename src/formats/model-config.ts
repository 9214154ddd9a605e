import * as z from "zod";
import { RecurrentSeq2Seq, type RecurrentSeq2SeqOptions } from "../models/recurrent-seq2seq.ts";
import type { Seq2SeqModel } from "../models/seq2seq.ts";
import { Transformer, type TransformerOptions } from "../models/transformer.ts";
import type { Tokenizer } from "../text/tokenizer.ts";

const count = z.int().positive();

/** Keys that every encoder-decoder has, as Hugging Face calls them. */
const common = {
  is_encoder_decoder: z.literal(true),
  vocab_size: count,
  d_model: count,
  encoder_layers: count,
  decoder_layers: count,
  dropout: z.number().min(0).lt(1),
  max_position_embeddings: count,
  pad_token_id: z.int(),
  bos_token_id: z.int(),
  eos_token_id: z.int(),
  decoder_start_token_id: z.int(),
};

/** The keys of its Marian and BART models. */
const TransformerConfig = z.object({
  model_type: z.literal("jumok-transformer"),
  ...common,
  encoder_attention_heads: count,
  decoder_attention_heads: count,
  encoder_ffn_dim: count,
  decoder_ffn_dim: count,
  /** Dropout on the output of the decoder's self-attention, if it is not `dropout`. */
  masked_attention_dropout: z.number().min(0).lt(1).optional(),
  activation_function: z.enum(["relu", "silu"]),
  /** What layer normalisation adds to the variance, if it is not 1e-6. */
  layer_norm_eps: z.number().positive().optional(),
  scale_embedding: z.literal(true),
  /** Layer normalisation before each sublayer instead of after the sum. */
  normalize_before: z.boolean(),
  /** The target embedding is the output projection. */
  tie_word_embeddings: z.boolean(),
  /** The source embedding is the target embedding too. */
  share_encoder_decoder_embeddings: z.boolean(),
});

const RecurrentConfig = z.object({
  model_type: z.literal("jumok-recurrent"),
  ...common,
  embedding_size: count,
  cell: z.enum(["rnn", "lstm", "gru"]),
  bidirectional_encoder: z.boolean(),
  attention: z.enum(["none", "dot", "general", "bahdanau"]),
  attention_units: count,
});

/** The keys of config.json. */
export const ModelConfig = z.discriminatedUnion("model_type", [TransformerConfig, RecurrentConfig]);
export type ModelConfig = z.infer<typeof ModelConfig>;

/** What tells which model to make, and of what sizes. */
export type ModelOptions = { model: "transformer" | "recurrent" } & TransformerOptions &
  Pick<RecurrentSeq2SeqOptions, "cell" | "attention" | "bidirectional">;

/** The config.json of a model with this tokenizer. */
export function configOf(options: ModelOptions, tokenizer: Tokenizer): ModelConfig {
  const { numLayers, numHeads, dFeedForward, tiedEmbeddings = "none" } = options;
  const shared = {
    is_encoder_decoder: true as const,
    vocab_size: options.vocabularySize,
    d_model: options.dModel,
    encoder_layers: numLayers,
    decoder_layers: numLayers,
    dropout: options.dropout,
    max_position_embeddings: options.maxLength,
    pad_token_id: tokenizer.padId,
    bos_token_id: tokenizer.startId,
    eos_token_id: tokenizer.endId,
    decoder_start_token_id: tokenizer.startId,
  };
  if (options.model === "recurrent") {
    return {
      model_type: "jumok-recurrent",
      ...shared,
      embedding_size: options.dModel,
      cell: options.cell,
      bidirectional_encoder: options.bidirectional,
      attention: options.attention,
      attention_units: options.dModel,
    };
  }
  return {
    model_type: "jumok-transformer",
    ...shared,
    encoder_attention_heads: numHeads,
    decoder_attention_heads: numHeads,
    encoder_ffn_dim: dFeedForward,
    decoder_ffn_dim: dFeedForward,
    ...(options.maskedAttentionDropout !== undefined && { masked_attention_dropout: options.maskedAttentionDropout }),
    activation_function: options.activation ?? "relu",
    ...(options.normEpsilon !== undefined && { layer_norm_eps: options.normEpsilon }),
    scale_embedding: true,
    normalize_before: options.norm === "pre",
    tie_word_embeddings: tiedEmbeddings !== "none",
    share_encoder_decoder_embeddings: tiedEmbeddings === "all",
  };
}

/** The model that a config.json describes, or one that differs from it in where a Transformer's words stand. */
export function modelOf(config: ModelConfig, changes: Pick<TransformerOptions, "positions"> = {}): Seq2SeqModel {
  const shared = {
    vocabularySize: config.vocab_size,
    numLayers: config.encoder_layers,
    dropout: config.dropout,
    maxLength: config.max_position_embeddings,
  };
  if (config.model_type === "jumok-recurrent") {
    return new RecurrentSeq2Seq({
      ...shared,
      cell: config.cell,
      dEmbedding: config.embedding_size,
      hiddenSize: config.d_model,
      bidirectional: config.bidirectional_encoder,
      attention: config.attention,
      attentionUnits: config.attention_units,
    });
  }
  return new Transformer({
    ...shared,
    ...changes,
    dModel: config.d_model,
    numHeads: config.encoder_attention_heads,
    dFeedForward: config.encoder_ffn_dim,
    maskedAttentionDropout: config.masked_attention_dropout,
    norm: config.normalize_before ? "pre" : "post",
    normEpsilon: config.layer_norm_eps,
    activation: config.activation_function,
    tiedEmbeddings: config.share_encoder_decoder_embeddings ? "all" : config.tie_word_embeddings ? "target" : "none",
  });
}
