import { planBatches } from "../data/batch-plan.ts";
import { logSoftmax } from "../graph/softmax.ts";
import type { Tensor } from "../graph/tensor.ts";
import { type Classifier, idsToRead, textInputs, textValues } from "../models/classifier.ts";
import type { Engine } from "../runtime/engine.ts";
import type { FlatValues } from "../runtime/parameters.ts";
import { type ModelProgramOptions, Program } from "../runtime/program.ts";
import type { Value } from "../runtime/value.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import { type Truncation, truncated } from "../text/truncate.ts";
import { TextError } from "./responder.ts";

/** What a classifier says of token ids. */
export interface Verdict {
  /** The likeliest class. */
  readonly label: string;
  readonly probability: number;
  /** Natural logarithm of the probability of each class, by its number. */
  readonly logProbabilities: Float32Array;
  /** How much of the attention each id got, 1 in all; only if asked for, and of a model that attends. */
  readonly attention?: Float32Array;
}

/** What a classifier says of a text. */
export interface Judgement extends Verdict {
  readonly input: string;
  /** The pieces that were read, as the tokenizer cuts them. */
  readonly tokens: readonly string[];
  /** How much of the attention each of them got: 1 in all, with what padding got. */
  readonly attention?: Float32Array;
  /** How much of it the padding before the text got, of a model that attends to padding. */
  readonly paddingAttention?: number;
  /** Tokens that were cut off because the text is longer than the model reads. */
  readonly cut: number;
}

export interface JudgeOptions extends Pick<ModelProgramOptions, "liveWeights"> {
  /** Whether attention is told too. Default: no. */
  attention?: boolean;
}

/** A classifier with what it needs to read a text and to name a class. */
export interface JudgingModel {
  readonly model: Classifier;
  readonly weights: FlatValues;
  readonly tokenizer: Tokenizer;
  /** The names of the classes, by number. */
  readonly labels: readonly string[];
  readonly truncate: Truncation;
}

/** Cells a batch may have, padding included. */
const CELLS = 32_768;

/** Tells the class of texts with a trained classifier. */
export class Judge {
  readonly labels: readonly string[];
  readonly #model: JudgingModel;
  readonly #program: Program;

  private constructor(model: JudgingModel, program: Program) {
    this.labels = model.labels;
    this.#model = model;
    this.#program = program;
  }

  static async compile(engine: Engine, judging: JudgingModel, options: JudgeOptions = {}): Promise<Judge> {
    const { logits, attention } = judging.model.classify(textInputs());
    const last = options.attention === true ? Object.values(attention).at(-1) : undefined;
    const outputs: Record<string, Tensor> = { scores: logSoftmax(logits), ...(last && { attention: last }) };
    const { liveWeights } = options;
    return new Judge(judging, await Program.ofModel(engine, judging, outputs, { liveWeights }));
  }

  /** @throws {TextError} when the text has no words */
  async judge(text: string): Promise<Judgement> {
    const [judgement] = await this.judgeAll([text]);
    return judgement;
  }

  /**
   * Judges several texts, in batches of texts about as long.
   *
   * @throws {TextError} as {@link judge}
   */
  async judgeAll(texts: readonly string[]): Promise<Judgement[]> {
    const { tokenizer, model } = this.#model;
    const before = model.attendsToPadding ? 1 : 0;
    const read = texts.map((text) => readText(this.#model, text));
    const lengths = Int32Array.from(read, ({ ids }) => ids.length);
    const judged: Judgement[] = new Array(texts.length);
    const plan = { batchTokens: CELLS, seed: 0, epoch: 0 };
    for (const batch of planBatches({ sources: lengths, targets: new Int32Array(texts.length) }, plan)) {
      const results = await this.judgeIds(Array.from(batch, (i) => read[i].ids));
      for (const [row, i] of batch.entries()) {
        const { attention, ...result } = results[row];
        judged[i] = {
          input: texts[i],
          ...result,
          ...(attention && {
            attention: attention.subarray(before),
            ...(before > 0 && { paddingAttention: attention[0] }),
          }),
          tokens: tokenizer.pieces(read[i].ids.slice(before)),
          cut: read[i].cut,
        };
      }
    }
    return judged;
  }

  /** Judges token ids, all in one batch. */
  async judgeIds(rows: readonly (readonly number[])[]): Promise<Verdict[]> {
    const texts = textValues(rows, this.#model.tokenizer.padId);
    const { scores, attention } = await this.#program.run(texts);
    const classes = this.labels.length;
    return rows.map(({ length }, row) => {
      const logProbabilities = (scores.data as Float32Array).slice(row * classes, (row + 1) * classes);
      const best = logProbabilities.reduce((most, value, i) => (value > logProbabilities[most] ? i : most), 0);
      return {
        label: this.labels[best],
        probability: Math.exp(logProbabilities[best]),
        logProbabilities,
        ...(attention && { attention: received(attention, row, length) }),
      };
    });
  }

  async release(): Promise<void> {
    await this.#program.release();
  }
}

/**
 * The ids of a text as a classifier reads them, and how many are cut off.
 *
 * @throws {TextError} when the text has no words
 */
export function readText(
  { tokenizer, model, truncate }: Pick<JudgingModel, "tokenizer" | "model" | "truncate">,
  text: string,
): { ids: readonly number[]; cut: number } {
  const whole = tokenizer.encode(text);
  if (whole.length === 0) throw new TextError("the text has no words");
  const ids = truncated(whole, model.maxLength, truncate);
  return { ids: idsToRead(model, ids, tokenizer.padId), cut: whole.length - ids.length };
}

/** The mean over heads and real queries of what each real position of a row got of weights `[batch, heads, query, time]`. */
function received({ data, shape }: Value, row: number, length: number): Float32Array {
  const [, heads, queries, time] = shape;
  const real = Math.min(queries, length);
  const mean = new Float32Array(length);
  for (let head = 0; head < heads; head++) {
    for (let query = 0; query < real; query++) {
      const from = ((row * heads + head) * queries + query) * time;
      for (let i = 0; i < length; i++) mean[i] += Number(data[from + i]) / (heads * real);
    }
  }
  return mean;
}
