import { z } from "zod";
import type { ModelConfig } from "./model-config.ts";

const count = z.int().positive();

/** The keys of a Marian config.json that tell what the model computes. */
const MarianConfig = z.looseObject({
  model_type: z.literal(["marian", "pegasus"]),
  vocab_size: count,
  decoder_vocab_size: count.optional(),
  d_model: count,
  encoder_layers: count,
  decoder_layers: count,
  encoder_attention_heads: count,
  decoder_attention_heads: count,
  encoder_ffn_dim: count,
  decoder_ffn_dim: count,
  activation_function: z.enum(["relu", "swish", "silu"], {
    error: "is an activation that this Transformer does not have",
  }),
  scale_embedding: z.literal(true, { error: "must be true: embeddings are multiplied by √d_model" }),
  dropout: z.number().min(0).lt(1).default(0),
  max_position_embeddings: count,
  pad_token_id: z.int().min(0),
  eos_token_id: z.int().min(0),
  decoder_start_token_id: z.int().min(0),
  tie_word_embeddings: z.boolean().default(true),
  share_encoder_decoder_embeddings: z.boolean().default(true),
  /** jumok's exports say this; Marian itself normalises after each sublayer. */
  normalize_before: z.boolean().default(false),
  normalize_embedding: z.literal(false, { error: "must be false" }).optional(),
  /** Tokens that must not be written. */
  bad_words_ids: z.array(z.array(z.int())).nullish(),
  /** jumok's exports say this; elsewhere it is PyTorch's default. */
  layer_norm_eps: z.number().positive().default(1e-5),
});

/** A Marian model as ours, and which tokens it must not write. */
export interface ReadMarianConfig {
  readonly config: Extract<ModelConfig, { model_type: "jumok-transformer" }>;
  readonly forbidden: readonly number[];
}

/**
 * Reads the config.json of a Marian model.
 *
 * @throws {z.ZodError} when a key is missing, or says what our Transformer cannot be
 */
export function readMarianConfig(value: unknown): ReadMarianConfig {
  const parsed = MarianConfig.superRefine((marian, { addIssue }) => {
    const differs = (a: keyof typeof marian, b: keyof typeof marian) => {
      if (marian[b] === undefined || marian[a] === marian[b]) return;
      addIssue({ code: "custom", path: [b], message: `is ${marian[b]}, ${a} is ${marian[a]}; they must be the same` });
    };
    differs("encoder_layers", "decoder_layers");
    differs("encoder_attention_heads", "decoder_attention_heads");
    differs("encoder_ffn_dim", "decoder_ffn_dim");
    differs("vocab_size", "decoder_vocab_size");
    if (marian.share_encoder_decoder_embeddings && !marian.tie_word_embeddings) {
      const message = "must be true where encoder and decoder share their table";
      addIssue({ code: "custom", path: ["tie_word_embeddings"], message });
    }
  }).parse(value);
  const { activation_function: activation, bad_words_ids: bad } = parsed;
  return {
    config: {
      model_type: "jumok-transformer",
      is_encoder_decoder: true,
      vocab_size: parsed.vocab_size,
      d_model: parsed.d_model,
      encoder_layers: parsed.encoder_layers,
      decoder_layers: parsed.decoder_layers,
      dropout: parsed.dropout,
      max_position_embeddings: parsed.max_position_embeddings,
      pad_token_id: parsed.pad_token_id,
      bos_token_id: parsed.decoder_start_token_id,
      eos_token_id: parsed.eos_token_id,
      decoder_start_token_id: parsed.decoder_start_token_id,
      encoder_attention_heads: parsed.encoder_attention_heads,
      decoder_attention_heads: parsed.decoder_attention_heads,
      encoder_ffn_dim: parsed.encoder_ffn_dim,
      decoder_ffn_dim: parsed.decoder_ffn_dim,
      activation_function: activation === "relu" ? "relu" : "silu",
      layer_norm_eps: parsed.layer_norm_eps,
      scale_embedding: true,
      normalize_before: parsed.normalize_before || parsed.model_type === "pegasus",
      tie_word_embeddings: parsed.tie_word_embeddings,
      share_encoder_decoder_embeddings: parsed.share_encoder_decoder_embeddings,
    },
    forbidden: (bad ?? []).flatMap((tokens) => (tokens.length === 1 ? tokens : [])),
  };
}
