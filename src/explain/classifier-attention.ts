import { type JudgingModel, readText } from "../decoding/judge.ts";
import { softmax } from "../graph/softmax.ts";
import { textInputs, textValues } from "../models/classifier.ts";
import type { Engine } from "../runtime/engine.ts";
import { Program } from "../runtime/program.ts";
import { AttentionError, type AttentionOptions, type ExplainedText } from "./attention-map.ts";
import { mapsOf } from "./named-attention.ts";
import { sentenceOf, singleToken } from "./sentence.ts";

/** All attention of a classifier while it judges a text. */
export class ClassifierAttention {
  readonly #model: JudgingModel;
  readonly #program: Program;

  private constructor(model: JudgingModel, program: Program) {
    this.#model = model;
    this.#program = program;
  }

  /** @throws {AttentionError} when the model does not attend */
  static async compile(
    engine: Engine,
    judging: JudgingModel,
    options: AttentionOptions = {},
  ): Promise<ClassifierAttention> {
    const { logits, attention } = judging.model.classify(textInputs());
    if (Object.keys(attention).length === 0) {
      throw new AttentionError("this classifier does not attend: it averages words or takes the last state");
    }
    const outputs = { ...attention, probabilities: softmax(logits) };
    return new ClassifierAttention(judging, await Program.ofModel(engine, judging, outputs, options));
  }

  /** @throws {TextError} when the text has no words */
  async explain(text: string): Promise<ExplainedText> {
    const { tokenizer, labels } = this.#model;
    const { ids, cut } = readText(this.#model, text);
    const { probabilities, ...attention } = await this.#program.run(textValues([ids], tokenizer.padId));
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
