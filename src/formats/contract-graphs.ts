import { reshape, sum } from "../graph/broadcast.ts";
import { type Dimension, sumOf } from "../graph/dimension.ts";
import { add, multiply } from "../graph/elementwise.ts";
import { range } from "../graph/range.ts";
import { cast, equal, lessOrEqual, where } from "../graph/select.ts";
import { concat, slice } from "../graph/slice.ts";
import { constant, input, scalar } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import type { Classifier } from "../models/classifier.ts";
import { RecurrentSeq2Seq } from "../models/recurrent-seq2seq.ts";
import type { Seq2SeqModel, SourceTensors, State } from "../models/seq2seq.ts";
import { Transformer } from "../models/transformer.ts";
import { paddingMask } from "../nn/masks.ts";

/** The tensors that a file of ONNX gives, by name. */
export type Outputs = Readonly<Record<string, Tensor>>;

/** The two graphs of a model that writes. */
export interface Seq2SeqGraphs {
  readonly encoder: Outputs;
  readonly decoder: Outputs;
}

/** The names of axes in Hugging Face's exports; its clients look for `batch_size`. */
const BATCH = "batch_size";
const SOURCE = "encoder_sequence_length";
const TIME = "decoder_sequence_length";
const PAST = "past_decoder_sequence_length";
const PAST_SOURCE = "past_encoder_sequence_length";

/** `input_ids` and `attention_mask`, int64 `[batch, time]`, padded at the end, as a model wants them. */
export function sourceInputs(batch: Dimension, time: Dimension, mask = "attention_mask"): SourceTensors {
  return {
    ids: cast(input("input_ids", "int64", [batch, time]), "int32"),
    lengths: lengthsOf(input(mask, "int64", [batch, time])),
  };
}

/**
 * The graphs of the contract that Hugging Face's exports of encoder-decoders keep: the encoder gives
 * `last_hidden_state`; the decoder takes it with `past_key_values.*`, empty at first, and gives `logits` and
 * `present.*`. What is past its end, or as long as the model can write, goes on with the end token.
 */
export function contractGraphs(model: Seq2SeqModel, limits: EndOptions): Seq2SeqGraphs {
  if (model instanceof Transformer) return transformerGraphs(model, limits);
  if (model instanceof RecurrentSeq2Seq) return recurrentGraphs(model, limits);
  throw new Error("export: the contract of Hugging Face is known for Transformer and RecurrentSeq2Seq");
}

/** The graph of a text classifier: `input_ids` and `attention_mask` give `logits` and what attended. */
export function classifierGraph(model: Classifier): Outputs {
  const { logits, attention } = model.classify(sourceInputs(BATCH, "sequence_length"));
  return { logits, ...attentions(attention) };
}

/** Attention by layer, `cross.0`, under its name in Hugging Face's exports, `cross_attentions.0`. */
export function attentions(weights: State): Outputs {
  return Object.fromEntries(
    Object.entries(weights).map(([name, tensor]) => {
      const [kind, layer = "0"] = name.split(".");
      return [`${kind}_attentions.${layer}`, tensor];
    }),
  );
}

/** When a sentence has to end. */
interface EndOptions {
  readonly endId: number;
  /** The most tokens that are written, the end token among them. */
  readonly maxTokens: number;
}

function transformerGraphs(model: Transformer, limits: EndOptions): Seq2SeqGraphs {
  const { y, self } = model.encode(sourceInputs(BATCH, SOURCE));
  const weights = self.map((attended) => attended.weights);
  const encoder = { last_hidden_state: y, ...numbered("encoder_attentions", weights) };

  const ids = input("input_ids", "int64", [BATCH, TIME]);
  const hidden = input("encoder_hidden_states", "float32", [BATCH, SOURCE, y.shape[2]]);
  const lengths = lengthsOf(input("encoder_attention_mask", "int64", [BATCH, SOURCE]));
  // What the cache does not have yet: everything at first, nothing later.
  const fresh = slice(hidden, 1, PAST_SOURCE, SOURCE);
  const memory: Record<string, Tensor> = { mask: paddingMask(lengths, SOURCE) };
  const carried: Record<string, Tensor> = {};
  for (const [i, { crossAttention }] of model.decoder.layers.entries()) {
    const own = crossAttention.keysAndValues(fresh);
    const [, heads, , depth] = own.keys.shape;
    for (const [kind, short] of KINDS) {
      const past = input(`past_key_values.${i}.encoder.${short}`, "float32", [BATCH, heads, PAST_SOURCE, depth]);
      memory[`${kind}.${i}`] = concat([past, own[kind]], 2);
      carried[`${kind}.${i}`] = input(`past_key_values.${i}.decoder.${short}`, "float32", [BATCH, heads, PAST, depth]);
    }
  }
  const stepped = model.step(cast(ids, "int32"), memory, carried);
  const present: Record<string, Tensor> = {};
  for (const i of model.decoder.layers.keys()) {
    for (const [kind, short] of KINDS) {
      present[`present.${i}.decoder.${short}`] = stepped.carried[`${kind}.${i}`];
      present[`present.${i}.encoder.${short}`] = memory[`${kind}.${i}`];
    }
  }
  const logits = ending(stepped.logits, ids, limits, PAST);
  return { encoder, decoder: { logits, ...present, ...attentions(stepped.attention) } };
}

const KINDS = [
  ["keys", "key"],
  ["values", "value"],
] as const;

/**
 * A recurrent model in the same contract. Before the encoder's states stand those the decoder begins with, layer after
 * layer, and what a Transformer keeps of the past is here the state after the step before.
 */
function recurrentGraphs(model: RecurrentSeq2Seq, limits: EndOptions): Seq2SeqGraphs {
  const begun = model.begin(sourceInputs(BATCH, SOURCE));
  const { values } = begun.memory;
  const hiddenSize = values.shape[2];
  const states = Object.keys(begun.carried);
  const starts = states.map((name) => reshape(begun.carried[name], [BATCH, 1, hiddenSize]));
  const encoder = { last_hidden_state: concat([...starts, values], 1) };

  const ids = input("input_ids", "int64", [BATCH, TIME]);
  const rows = sumOf(SOURCE, states.length);
  const hidden = input("encoder_hidden_states", "float32", [BATCH, rows, hiddenSize]);
  const goesOn = input("use_cache_branch", "bool", [1]);
  const read = slice(hidden, 1, states.length, rows);
  const carried = states.map((name, i) => {
    const start = reshape(slice(hidden, 1, i, i + 1), [BATCH, hiddenSize]);
    const past = input(cacheName("past_key_values", name), "float32", [BATCH, 1, 1, hiddenSize]);
    return [name, where(goesOn, reshape(past, [BATCH, hiddenSize]), start)] as const;
  });
  const memory: Record<string, Tensor> = {
    lengths: lengthsOf(input("encoder_attention_mask", "int64", [BATCH, SOURCE])),
    values: read,
    keys: model.decoder.keysOf(read),
  };
  const present: Record<string, Tensor> = {};
  if (model.decoder.keyProjection !== undefined) {
    const own = model.decoder.keysOf(slice(read, 1, PAST_SOURCE, SOURCE));
    const past = input("past_key_values.0.encoder.key", "float32", [BATCH, 1, PAST_SOURCE, own.shape[2]]);
    memory.keys = concat([reshape(past, [BATCH, PAST_SOURCE, own.shape[2]]), own], 1);
    present["present.0.encoder.key"] = reshape(memory.keys, [BATCH, 1, SOURCE, own.shape[2]]);
  }
  const stepped = model.step(cast(ids, "int32"), memory, Object.fromEntries(carried));
  for (const name of states) {
    present[cacheName("present", name)] = reshape(stepped.carried[name], [BATCH, 1, 1, hiddenSize]);
  }
  return {
    encoder,
    decoder: { logits: ending(stepped.logits, ids, limits), ...present, ...attentions(stepped.attention) },
  };
}

/** `hidden.1` → `present.1.decoder.key`, `cell.1` → `present.1.decoder.value` */
function cacheName(prefix: string, state: string): string {
  const [kind, layer] = state.split(".");
  return `${prefix}.${layer}.decoder.${kind === "hidden" ? "key" : "value"}`;
}

/** What is added to the score of the end token where there is nothing more to say. */
const CERTAIN = 1e9;

/**
 * Logits with nothing but the end token after an end token, and at positions where the model has written all it can.
 * A client that waits until all sentences of a batch end in the same step then stops.
 *
 * @param past how many positions came before; left out of a model that does not count them
 */
function ending(logits: Tensor, ids: Tensor, { endId, maxTokens }: EndOptions, past?: Dimension): Tensor {
  const [batch, time, vocabulary] = logits.shape;
  const [none, certain] = [scalar(0), scalar(CERTAIN)];
  const atEnd = equal(cast(ids, "int32"), constant("int32", [], Int32Array.of(endId)));
  let bias = where(atEnd, certain, none);
  if (past !== undefined) {
    const last = constant("int32", [], Int32Array.of(maxTokens));
    const over = lessOrEqual(last, range(past, sumOf(past, time)));
    bias = where(reshape(over, [1, time]), certain, bias);
  }
  const end = new Float32Array(vocabulary as number);
  end[endId] = 1;
  const row = constant("float32", [end.length], end);
  return add(logits, multiply(reshape(bias, [batch, time, 1]), row));
}

/** The real tokens of each row of a mask, int32 `[batch]`. */
function lengthsOf(mask: Tensor): Tensor {
  return cast(sum(cast(mask, "float32"), [1]), "int32");
}

function numbered(name: string, tensors: readonly Tensor[]): Outputs {
  return Object.fromEntries(tensors.map((tensor, i) => [`${name}.${i}`, tensor]));
}
