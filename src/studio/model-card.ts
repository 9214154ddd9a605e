import { labelsOf } from "../formats/classifier-config.ts";
import type { LoadedModel } from "../formats/loaded-model.ts";
import { examplesFor } from "./examples.ts";
import type { Architecture, AttentionForm, Kind, ModelCard } from "./wire.ts";

/** What a page tells of a model, but for its name. */
export type NamelessCard = Omit<ModelCard, "id" | "name">;

/**
 * @param task what the model was trained for, which its weights do not tell
 * @param own short texts of its data, if they are known
 */
export function modelCard(
  { config, weights, kind, tokenizer }: LoadedModel,
  task: ModelCard["task"],
  own?: readonly string[],
): NamelessCard {
  return {
    task,
    examples: examplesFor(tokenizer, task, own),
    ...sizesIn({ config }),
    dModel: config.d_model,
    maxLen: config.max_position_embeddings,
    params: weights.layout.count,
    ...(kind === "classifier" && { labels: labelsOf(config) }),
  };
}

type Sizes = Pick<ModelCard, "arch" | "attn" | "layers" | "heads" | "dHead" | "kinds">;

/** What attention a model has. */
export function sizesIn({ config }: Pick<LoadedModel, "config">): Sizes {
  const single = { heads: 1 };
  switch (config.model_type) {
    case "jumok-transformer":
    case "jumok-transformer-classifier": {
      const heads = config.encoder_attention_heads;
      return {
        arch: "transformer",
        attn: "scaled",
        layers: config.encoder_layers,
        heads,
        dHead: config.d_model / heads,
        kinds: config.is_encoder_decoder ? ["cross", "enc", "dec"] : ["enc"],
      };
    }
    case "jumok-recurrent":
      return {
        arch: config.bidirectional_encoder ? bothWays(config.cell) : config.cell,
        layers: config.encoder_layers,
        ...single,
        ...look(config.attention, config.attention === "bahdanau" ? config.attention_units : config.d_model),
      };
    case "jumok-recurrent-classifier":
      return {
        arch: bothWays(config.cell),
        layers: config.encoder_layers,
        ...single,
        ...look(config.attention, config.attention_units),
      };
    case "jumok-bag-classifier":
      return { arch: "bag", layers: 0, ...single, ...look(config.attention, config.attention_units) };
  }
}

function look(attn: AttentionForm, dHead: number): { attn: AttentionForm; dHead: number; kinds: readonly Kind[] } {
  return { attn, dHead, kinds: attn === "none" ? [] : ["align"] };
}

function bothWays(cell: "rnn" | "lstm" | "gru"): Architecture {
  return `bi${cell}`;
}
