import { reshape } from "../graph/broadcast.ts";
import { productOf } from "../graph/dimension.ts";
import { log, subtract } from "../graph/elementwise.ts";
import { pick } from "../graph/gather.ts";
import { argMax, logSoftmax, logSumExp, max, softmax } from "../graph/softmax.ts";
import { input } from "../graph/source.ts";
import type { Tensor } from "../graph/tensor.ts";
import { topK } from "../graph/top-k.ts";
import { type Seq2SeqModel, sourceInputs } from "../models/seq2seq.ts";
import { stateInputs, stateOutputs } from "../models/state.ts";

type Outputs = Record<string, Tensor>;

/** Of how many tokens a step tells the probabilities. */
export type Top = "one" | "some" | "all";

/** Reads the sources: gives `memory.*` and `carried.*`. */
export function beginGraph(model: Seq2SeqModel): Outputs {
  const { memory, carried } = model.begin(sourceInputs());
  return { ...stateOutputs("memory", memory), ...stateOutputs("carried", carried) };
}

/** The axis of each value that {@link beginGraph} gives along which batches differ in length; `undefined` where none is. */
export function lengthAxes(model: Seq2SeqModel): Readonly<Record<string, number | undefined>> {
  const axes = Object.entries(beginGraph(model)).map(([name, { shape }]) => {
    const axis = shape.findIndex((length) => length === "source" || length === 0);
    return [name, axis < 0 ? undefined : axis];
  });
  return Object.fromEntries(axes);
}

/**
 * A step: each row reads one token. Gives `next.*`, what is carried on; `logProbabilities` of all tokens, or of the likeliest
 * with these `tokens`; and `attention.*`.
 *
 * `some` means as many as the input `ranks` is long, so one program does for any number; `one` is computed in a faster way.
 * With `joining` there is an input `absent`, see {@link Seq2SeqModel.step}.
 */
export function stepGraph(model: Seq2SeqModel, wanted: { top: Top; attention: boolean; joining: boolean }): Outputs {
  const begun = model.begin(sourceInputs());
  const tokens = input("read", "int32", ["batch", 1]);
  const stepped = model.step(
    tokens,
    stateInputs("memory", begun.memory),
    stateInputs("carried", begun.carried),
    wanted.joining ? input("absent", "int32", ["batch"]) : undefined,
  );
  const logits = reshape(stepped.logits, ["batch", model.vocabularySize]);
  return {
    ...SCORES[wanted.top](logits),
    ...stateOutputs("next", stepped.carried),
    ...(wanted.attention && stateOutputs("attention", stepped.attention)),
  };
}

/** Reads sources and whole targets: gives `logProbabilities` `[batch, target]` of the input `next`, and `attention.*`. */
export function forcedGraph(model: Seq2SeqModel, wanted: { attention: boolean }): Outputs {
  const shape = ["batch", "target"];
  const { memory, carried } = model.begin(sourceInputs());
  const stepped = model.step(input("read", "int32", shape), memory, carried);
  const rows = productOf(shape);
  const logits = reshape(stepped.logits, [rows, model.vocabularySize]);
  const next = reshape(input("next", "int32", shape), [rows]);
  return {
    logProbabilities: reshape(subtract(pick(logits, next), logSumExp(logits)), shape),
    ...(wanted.attention && stateOutputs("attention", stepped.attention)),
  };
}

const SCORES: Readonly<Record<Top, (logits: Tensor) => Outputs>> = {
  all: (logits) => ({ logProbabilities: logSoftmax(logits) }),
  some: (logits) => {
    const { values, positions } = topK(logits, input("ranks", "int32", ["ranks"]));
    return { tokens: positions, logProbabilities: subtract(values, column(logSumExp(logits))) };
  },
  one: (logits) => ({ tokens: column(argMax(logits)), logProbabilities: column(log(max(softmax(logits)))) }),
};

function column(x: Tensor): Tensor {
  return reshape(x, [...x.shape, 1]);
}
