import type { AttentionStep } from "../decoding/hypothesis.ts";
import type { Answer } from "../decoding/responder.ts";
import { floats, type Value } from "../runtime/value.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import { AttentionError, type ExplainedText } from "./attention-map.ts";
import { mapsOf } from "./named-attention.ts";
import { sentenceOf } from "./sentence.ts";

/**
 * The attention that an answer holds, as maps: of the decoder at the source, and of a Transformer's decoder at itself.
 * Rows are as those of {@link Seq2SeqAttention}. Nothing is computed again.
 *
 * @param answer given with `attention: true`
 * @throws {AttentionError} when it holds none: it was not asked for, or the model does not attend
 */
export function answerAttention(tokenizer: Tokenizer, answer: Answer): ExplainedText {
  const { input, ids, finished, attention: steps } = answer;
  const names = Object.keys(steps[0] ?? {});
  if (names.length === 0) {
    throw new AttentionError("the answer holds no attention: ask for it with attention: true, of a model that attends");
  }
  const { startId, endId } = tokenizer;
  const all = [startId, ...ids, ...(finished ? [endId] : [])];
  const source = sentenceOf(tokenizer, tokenizer.asSource(tokenizer.encode(input)));
  const read = sentenceOf(tokenizer, all.slice(0, -1));
  const written = sentenceOf(tokenizer, all.slice(1));
  const weights = Object.fromEntries(names.map((name) => [name, stacked(steps, name)]));
  return {
    text: input,
    source,
    target: { text: answer.answer, given: false },
    cut: 0,
    maps: mapsOf(weights, {
      decoder: { queries: read, keys: read },
      cross: { kind: names.length === 1 ? "alignment" : "cross", queries: written, keys: source },
    }),
  };
}

/** The rows of all steps, `[1, heads, step, key]`; keys that a step could not see yet have no weight. */
function stacked(steps: readonly AttentionStep[], name: string): Value<"float32"> {
  const rows = steps.map((step) => step[name]);
  const { heads, keys } = rows[rows.length - 1];
  const weights = new Float32Array(heads * rows.length * keys);
  for (const [step, row] of rows.entries()) {
    for (let head = 0; head < heads; head++) {
      const own = row.weights.subarray(head * row.keys, (head + 1) * row.keys);
      weights.set(own, (head * rows.length + step) * keys);
    }
  }
  return floats([1, heads, rows.length, keys], weights);
}
