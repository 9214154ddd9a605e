import { type JudgingModel, readText } from "../decoding/judge.ts";
import { softmax } from "../graph/softmax.ts";
import { textInputs, textValues } from "../models/classifier.ts";
import type { Engine } from "../runtime/engine.ts";
import { Program } from "../runtime/program.ts";
import type { Value } from "../runtime/value.ts";
import { AttentionError, type AttentionOptions, type ExplainedText } from "./attention-map.ts";
import { mapsOf } from "./named-attention.ts";
import { sentenceOf, singleToken } from "./sentence.ts";

/** All attention of a classifier while it judges a text. */
export class ClassifierAttention {
  readonly #model: JudgingModel;
  readonly #program: Program;
  readonly #weights: Readonly<Record<string, Value>>;

  private constructor(model: JudgingModel, program: Program, weights: Readonly<Record<string, Value>>) {
    this.#model = model;
    this.#program = program;
    this.#weights = weights;
  }

  /** @throws {AttentionError} when the model does not attend */
  static async compile(
    engine: Engine,
    judging: JudgingModel,
    { liveWeights = false }: AttentionOptions = {},
  ): Promise<ClassifierAttention> {
    const { model, weights } = judging;
    const { logits, attention } = model.classify(textInputs());
    if (Object.keys(attention).length === 0) {
      throw new AttentionError("this classifier does not attend: it averages words or takes the last state");
    }
    const parameters = model.names();
    const values = liveWeights ? undefined : (name: string) => weights.of(name);
    const outputs = { ...attention, probabilities: softmax(logits) };
    const program = await Program.compile(engine, outputs, { parameters, values });
    return new ClassifierAttention(judging, program, liveWeights ? Object.fromEntries(weights.views) : {});
  }

  /** @throws {TextError} when the text has no words */
  async explain(text: string): Promise<ExplainedText> {
    const { tokenizer, labels } = this.#model;
    const { ids, cut } = readText(this.#model, text);
    const { probabilities, ...attention } = await this.#program.run({
      ...this.#weights,
      ...textValues([ids], tokenizer.padId),
    });
    const scores = Array.from(probabilities.data, Number);
    const probability = Math.max(...scores);
    const name = labels[scores.indexOf(probability)];
    const source = sentenceOf(tokenizer, ids);
    return {
      text,
      source,
      label: { name, probability },
      cut,
      maps: mapsOf(attention, {
        encoder: { queries: source, keys: source },
        pooling: { queries: singleToken(name), keys: source },
      }),
    };
  }

  async release(): Promise<void> {
    await this.#program.release();
  }
}
