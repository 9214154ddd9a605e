import type { Value } from "../../src/runtime/value.ts";

/** Sizes that a Marian config.json tells. */
interface MarianSizes {
  d_model: number;
  encoder_layers: number;
  encoder_attention_heads: number;
  layer_norm_eps: number;
}

type Matrix = readonly Float64Array[];

/**
 * The logits of a Marian model, written down straight from its checkpoint in double precision: a second opinion that
 * shares no code with the library. Post-norm; one sentence.
 */
export function marianLogits(
  tensors: ReadonlyMap<string, Value>,
  { d_model: width, encoder_layers: layers, encoder_attention_heads: heads, layer_norm_eps: epsilon }: MarianSizes,
  activation: (x: number) => number,
  source: readonly number[],
  target: readonly number[],
): Matrix {
  const get = (name: string) => {
    const { data, shape } = tensors.get(name)!;
    return { data: data as Float32Array, columns: shape.at(-1)! };
  };
  const rowOf = ({ data, columns }: ReturnType<typeof get>, row: number) =>
    Float64Array.from(data.subarray(row * columns, (row + 1) * columns));
  const dense = (x: Matrix, name: string): Matrix => {
    const [weight, bias] = [get(`${name}.weight`), get(`${name}.bias`).data];
    return x.map((row) => Float64Array.from(bias, (b, out) => b + dot(row, rowOf(weight, out))));
  };
  const norm = (x: Matrix, name: string): Matrix => {
    const [gamma, beta] = [get(`${name}.weight`).data, get(`${name}.bias`).data];
    return x.map((row) => {
      const mean = row.reduce((a, b) => a + b, 0) / width;
      const variance = row.reduce((a, b) => a + (b - mean) ** 2, 0) / width;
      return row.map((value, i) => ((value - mean) / Math.sqrt(variance + epsilon)) * gamma[i] + beta[i]);
    });
  };
  const attend = (x: Matrix, memory: Matrix, name: string, causal: boolean): Matrix => {
    const [q, k, v] = [dense(x, `${name}.q_proj`), dense(memory, `${name}.k_proj`), dense(memory, `${name}.v_proj`)];
    const depth = width / heads;
    const context = q.map((query, time) => {
      const result = new Float64Array(width);
      for (let head = 0; head < heads; head++) {
        const part = (row: Float64Array) => row.subarray(head * depth, (head + 1) * depth);
        const seen = causal ? time + 1 : k.length;
        const scores = k.slice(0, seen).map((key) => dot(part(query), part(key)) / Math.sqrt(depth));
        const largest = Math.max(...scores);
        const shares = scores.map((score) => Math.exp(score - largest));
        const total = shares.reduce((a, b) => a + b, 0);
        for (const [i, share] of shares.entries()) {
          for (let j = 0; j < depth; j++) result[head * depth + j] += (share / total) * part(v[i])[j];
        }
      }
      return result;
    });
    return dense(context, `${name}.out_proj`);
  };
  const forward = (x: Matrix, name: string) =>
    dense(
      dense(x, `${name}.fc1`).map((row) => row.map(activation)),
      `${name}.fc2`,
    );
  const shared = tensors.has("model.shared.weight");
  const embedded = (ids: readonly number[], side: string): Matrix => {
    const table = get(shared ? "model.shared.weight" : `model.${side}.embed_tokens.weight`);
    return ids.map((id, position) =>
      rowOf(table, id).map((value, i) => value * Math.sqrt(width) + sinusoid(position, i, width)),
    );
  };

  let x = embedded(source, "encoder");
  for (let i = 0; i < layers; i++) {
    const name = `model.encoder.layers.${i}`;
    x = norm(sum(x, attend(x, x, `${name}.self_attn`, false)), `${name}.self_attn_layer_norm`);
    x = norm(sum(x, forward(x, name)), `${name}.final_layer_norm`);
  }
  let y = embedded(target, "decoder");
  for (let i = 0; i < layers; i++) {
    const name = `model.decoder.layers.${i}`;
    y = norm(sum(y, attend(y, y, `${name}.self_attn`, true)), `${name}.self_attn_layer_norm`);
    y = norm(sum(y, attend(y, x, `${name}.encoder_attn`, false)), `${name}.encoder_attn_layer_norm`);
    y = norm(sum(y, forward(y, name)), `${name}.final_layer_norm`);
  }
  const tied = shared ? "model.shared.weight" : "model.decoder.embed_tokens.weight";
  const head = get(tensors.has("lm_head.weight") ? "lm_head.weight" : tied);
  const bias = get("final_logits_bias").data;
  return y.map((row) => Float64Array.from(bias, (b, id) => b + dot(row, rowOf(head, id))));
}

/** Marian's positions: sines in the first half of the features, cosines in the second. */
function sinusoid(position: number, feature: number, width: number): number {
  const half = width / 2;
  const angle = position / 10000 ** ((2 * (feature % half)) / width);
  return feature < half ? Math.sin(angle) : Math.cos(angle);
}

function sum(a: Matrix, b: Matrix): Matrix {
  return a.map((row, i) => row.map((value, j) => value + b[i][j]));
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((total, value, i) => total + value * b[i], 0);
}
