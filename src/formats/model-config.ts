import { z } from "zod";
import { Transformer, type TransformerOptions } from "../models/transformer.ts";
import type { Tokenizer } from "../text/tokenizer.ts";

const count = z.int().positive();

/** The keys of config.json: Hugging Face's names for an encoder-decoder, as its Marian and BART models have them. */
export const ModelConfig = z.object({
  model_type: z.literal("jumok-transformer"),
  is_encoder_decoder: z.literal(true),
  vocab_size: count,
  d_model: count,
  encoder_layers: count,
  decoder_layers: count,
  encoder_attention_heads: count,
  decoder_attention_heads: count,
  encoder_ffn_dim: count,
  decoder_ffn_dim: count,
  dropout: z.number().min(0).lt(1),
  max_position_embeddings: count,
  activation_function: z.literal("relu"),
  scale_embedding: z.literal(true),
  /** Layer normalisation before each sublayer instead of after the sum. */
  normalize_before: z.boolean(),
  /** The target embedding is the output projection. */
  tie_word_embeddings: z.boolean(),
  /** The source embedding is the target embedding too. */
  share_encoder_decoder_embeddings: z.boolean(),
  pad_token_id: z.int(),
  bos_token_id: z.int(),
  eos_token_id: z.int(),
  decoder_start_token_id: z.int(),
});
export type ModelConfig = z.infer<typeof ModelConfig>;

/** The config.json of a Transformer with this tokenizer. */
export function configOf(options: TransformerOptions, tokenizer: Tokenizer): ModelConfig {
  const { numLayers, numHeads, dFeedForward, tiedEmbeddings = "none" } = options;
  return {
    model_type: "jumok-transformer",
    is_encoder_decoder: true,
    vocab_size: options.vocabularySize,
    d_model: options.dModel,
    encoder_layers: numLayers,
    decoder_layers: numLayers,
    encoder_attention_heads: numHeads,
    decoder_attention_heads: numHeads,
    encoder_ffn_dim: dFeedForward,
    decoder_ffn_dim: dFeedForward,
    dropout: options.dropout,
    max_position_embeddings: options.maxLength,
    activation_function: "relu",
    scale_embedding: true,
    normalize_before: options.norm === "pre",
    tie_word_embeddings: tiedEmbeddings !== "none",
    share_encoder_decoder_embeddings: tiedEmbeddings === "all",
    pad_token_id: tokenizer.padId,
    bos_token_id: tokenizer.startId,
    eos_token_id: tokenizer.endId,
    decoder_start_token_id: tokenizer.startId,
  };
}

/** The model that a config.json describes. */
export function modelOf(config: ModelConfig): Transformer {
  return new Transformer({
    vocabularySize: config.vocab_size,
    numLayers: config.encoder_layers,
    dModel: config.d_model,
    numHeads: config.encoder_attention_heads,
    dFeedForward: config.encoder_ffn_dim,
    dropout: config.dropout,
    maxLength: config.max_position_embeddings,
    norm: config.normalize_before ? "pre" : "post",
    tiedEmbeddings: config.share_encoder_decoder_embeddings ? "all" : config.tie_word_embeddings ? "target" : "none",
  });
}
