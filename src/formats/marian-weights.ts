import { positionalEncoding } from "../nn/positions.ts";
import { floats, type Value } from "../runtime/value.ts";

/** What of a Transformer tells the names and axes of its weights. */
export interface MarianShape {
  readonly numLayers: number;
  readonly dModel: number;
  /** Normalisation before the sublayers, with one more after the last layer. */
  readonly preNorm: boolean;
  /** Which tables are one: none, target and output, or source too. */
  readonly tied: "none" | "target" | "all";
}

/** A weight under both its names. */
interface Counterpart {
  readonly ours: string;
  readonly marian: string;
  /** Which of its axes run over the model's features (dModel). */
  readonly features: readonly boolean[];
}

/**
 * The names that weights have in Hugging Face's Marian models, and where their axes run over the model's features.
 *
 * Marian's positional encodings have all sines first and then all cosines, ours have them in turn (Vaswani et al. 2017,
 * §3.5). The order of features means nothing else to a Transformer, so the two are one model with its features put
 * in another order, and weights are carried over without a difference.
 */
function counterparts({ numLayers, preNorm, tied }: MarianShape): Counterpart[] {
  const list: Counterpart[] = [];
  const pair = (ours: string, marian: string, weight: readonly boolean[], bias: readonly boolean[]) => {
    list.push({ ours: `${ours}.weight`, marian: `${marian}.weight`, features: weight });
    list.push({ ours: `${ours}.bias`, marian: `${marian}.bias`, features: bias });
  };
  const reading = (ours: string, marian: string) => pair(ours, marian, [false, true], [false]);
  const writing = (ours: string, marian: string) => pair(ours, marian, [true, false], [true]);
  const norm = (ours: string, marian: string) => pair(ours, marian, [true], [true]);
  const attention = (ours: string, marian: string) => {
    reading(`${ours}.query`, `${marian}.q_proj`);
    reading(`${ours}.key`, `${marian}.k_proj`);
    reading(`${ours}.value`, `${marian}.v_proj`);
    writing(`${ours}.output`, `${marian}.out_proj`);
    norm(`${ours}Residual.norm`, `${marian}_layer_norm`);
  };
  const table = (ours: string, marian: string) => list.push({ ours, marian, features: [false, true] });

  if (tied === "all") table("sourceEmbedding.weight", "model.shared.weight");
  else {
    table("sourceEmbedding.weight", "model.encoder.embed_tokens.weight");
    table("targetEmbedding.weight", "model.decoder.embed_tokens.weight");
    if (tied === "none") table("output.weight", "lm_head.weight");
  }
  for (const side of ["encoder", "decoder"]) {
    for (let i = 0; i < numLayers; i++) {
      const [ours, marian] = [`${side}.layers.${i}`, `model.${side}.layers.${i}`];
      attention(`${ours}.selfAttention`, `${marian}.self_attn`);
      if (side === "decoder") attention(`${ours}.crossAttention`, `${marian}.encoder_attn`);
      reading(`${ours}.feedForward.inner`, `${marian}.fc1`);
      writing(`${ours}.feedForward.outer`, `${marian}.fc2`);
      norm(`${ours}.feedForwardResidual.norm`, `${marian}.final_layer_norm`);
    }
    if (preNorm) norm(`${side}.norm`, `model.${side}.layer_norm`);
  }
  list.push({ ours: "output.bias", marian: "final_logits_bias", features: [false] });
  return list;
}

/** Where each feature of Marian's order stands in ours: sines at even places first, then cosines at odd ones. */
function featureOrder(dModel: number): Int32Array {
  const sines = Math.ceil(dModel / 2);
  return Int32Array.from({ length: dModel }, (_, i) => (i < sines ? 2 * i : 2 * (i - sines) + 1));
}

/** The positional encodings in Marian's order of features, `[length, dModel]`. */
export function marianPositions(length: number, dModel: number): Value<"float32"> {
  const shape = [length, dModel];
  return reordered(floats(shape, positionalEncoding(length, dModel)), [false, true], featureOrder(dModel));
}

/** Our weights under Marian's names, in its order of features. */
export function toMarian(
  weights: ReadonlyMap<string, Value<"float32">>,
  shape: MarianShape,
  maxLength: number,
): Map<string, Value<"float32">> {
  const order = featureOrder(shape.dModel);
  const result = new Map<string, Value<"float32">>();
  for (const { ours, marian, features } of counterparts(shape)) {
    result.set(marian, reordered(weights.get(ours)!, features, order));
  }
  const bias = result.get("final_logits_bias")!;
  result.set("final_logits_bias", floats([1, bias.data.length], bias.data));
  const positions = marianPositions(maxLength, shape.dModel);
  result.set("model.encoder.embed_positions.weight", positions);
  result.set("model.decoder.embed_positions.weight", positions);
  return result;
}

/** Marian's weights under our names, in our order of features; `undefined` for each that is missing. */
export function fromMarian(
  tensors: ReadonlyMap<string, Value<"float32">>,
  shape: MarianShape,
): Map<string, { marian: string; value: Value<"float32"> | undefined }> {
  const order = inverse(featureOrder(shape.dModel));
  return new Map(
    counterparts(shape).map(({ ours, marian, features }) => {
      const found = tensors.get(marian);
      return [ours, { marian, value: found && reordered(found, features, order) }];
    }),
  );
}

/** A vector or matrix with some axes in another order: place i gets what was at `order[i]`. */
function reordered({ shape, data }: Value<"float32">, axes: readonly boolean[], order: Int32Array): Value<"float32"> {
  const columns = shape[shape.length - 1];
  const rows = data.length / columns;
  const [rowsMove, columnsMove] = [axes.length === 2 && axes[0], axes[axes.length - 1]];
  const result = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const from = (rowsMove ? order[row] : row) * columns;
    for (let column = 0; column < columns; column++) {
      result[row * columns + column] = data[from + (columnsMove ? order[column] : column)];
    }
  }
  return floats(shape, result);
}

function inverse(order: Int32Array): Int32Array {
  const result = new Int32Array(order.length);
  order.forEach((from, to) => {
    result[from] = to;
  });
  return result;
}
