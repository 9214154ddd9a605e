import type { Tokenizer } from "../text/tokenizer.ts";
import type { MarianShape } from "./marian-weights.ts";
import type { ModelConfig } from "./model-config.ts";

/** The config.json of our Transformer. */
export type TransformerConfig = Extract<ModelConfig, { model_type: "jumok-transformer" }>;

/** What of a config tells the names of a Transformer's weights. */
export function marianShapeOf(config: TransformerConfig): MarianShape {
  return {
    numLayers: config.encoder_layers,
    dModel: config.d_model,
    preNorm: config.normalize_before,
    tied: config.share_encoder_decoder_embeddings ? "all" : config.tie_word_embeddings ? "target" : "none",
  };
}

/** Keys that both layouts share. */
function commonConfig(config: ModelConfig) {
  return {
    is_encoder_decoder: true,
    vocab_size: config.vocab_size,
    decoder_vocab_size: config.vocab_size,
    d_model: config.d_model,
    encoder_layers: config.encoder_layers,
    decoder_layers: config.decoder_layers,
    num_hidden_layers: config.encoder_layers,
    dropout: config.dropout,
    attention_dropout: 0,
    activation_dropout: 0,
    encoder_layerdrop: 0,
    decoder_layerdrop: 0,
    max_position_embeddings: config.max_position_embeddings,
    static_position_embeddings: true,
    pad_token_id: config.pad_token_id,
    bos_token_id: config.bos_token_id,
    eos_token_id: config.eos_token_id,
    decoder_start_token_id: config.decoder_start_token_id,
    forced_eos_token_id: null,
    use_cache: true,
    torch_dtype: "float32",
  };
}

/** The config.json of a Marian model, as which a model that writes is exported. */
export function marianConfig(config: ModelConfig, tokenizer: Tokenizer) {
  const common = {
    model_type: "marian",
    architectures: ["MarianMTModel"],
    tokenizer_class: tokenizer.config(config.max_position_embeddings).tokenizer_class,
    ...commonConfig(config),
  };
  if (config.model_type === "jumok-recurrent") {
    const { cell, attention, bidirectional_encoder } = config;
    return {
      ...common,
      encoder_attention_heads: 1,
      decoder_attention_heads: 1,
      jumok: { model_type: config.model_type, cell, attention, bidirectional_encoder },
    };
  }
  const { normalize_before, layer_norm_eps = 1e-6 } = config;
  return { ...common, ...transformerKeys(config), normalize_before, layer_norm_eps };
}

/** The config.json of a Pegasus model: a Transformer that normalises before its sublayers, with one table. */
export function pegasusConfig(config: TransformerConfig) {
  return {
    model_type: "pegasus",
    architectures: ["PegasusForConditionalGeneration"],
    ...commonConfig(config),
    ...transformerKeys(config),
  };
}

function transformerKeys(config: TransformerConfig) {
  return {
    encoder_attention_heads: config.encoder_attention_heads,
    decoder_attention_heads: config.decoder_attention_heads,
    encoder_ffn_dim: config.encoder_ffn_dim,
    decoder_ffn_dim: config.decoder_ffn_dim,
    activation_function: config.activation_function === "silu" ? "swish" : "relu",
    scale_embedding: config.scale_embedding,
    tie_word_embeddings: config.tie_word_embeddings,
    share_encoder_decoder_embeddings: config.share_encoder_decoder_embeddings,
  };
}

/** The generation_config.json: greedy, as many tokens as the model can write. */
export function generationConfig(config: ModelConfig) {
  return {
    bos_token_id: config.bos_token_id,
    eos_token_id: config.eos_token_id,
    pad_token_id: config.pad_token_id,
    decoder_start_token_id: config.decoder_start_token_id,
    // The start token counts here.
    max_length: config.max_position_embeddings + 1,
    num_beams: 1,
    do_sample: false,
  };
}
