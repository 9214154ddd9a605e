import { judgingModelOf, type LoadedModel } from "../formats/loaded-model.ts";
import type { Engine } from "../runtime/engine.ts";
import type { ExplainedText } from "./attention-map.ts";
import { ClassifierAttention } from "./classifier-attention.ts";
import { Seq2SeqAttention } from "./seq2seq-attention.ts";

/** Explains texts by a model of whatever kind. */
export interface Attending {
  /**
   * @param target what a model that writes is to have written. Default: what it writes
   * @throws {TextError} when a text is empty or too long for the model
   */
  explain(text: string, target?: string): Promise<ExplainedText>;
  release(): Promise<void>;
}

/**
 * Compiles a model that was loaded from its folder for looking at its attention.
 *
 * @throws {AttentionError} when the model does not attend
 */
export async function attentionOf(engine: Engine, loaded: LoadedModel): Promise<Attending> {
  if (loaded.kind === "seq2seq") return Seq2SeqAttention.compile(engine, loaded);
  return ClassifierAttention.compile(engine, judgingModelOf(loaded));
}
