import { basename, resolve } from "node:path";
import { labelsOf } from "../formats/classifier-config.ts";
import type { LoadedModel } from "../formats/loaded-model.ts";
import { type ModelTask, modelTask } from "../formats/model-task.ts";
import { modelCard, type NamelessCard } from "../studio/model-card.ts";
import { readHistory } from "../training/history-folder.ts";

/** What a server tells of its model. */
export interface ServedModel {
  /** The name of its folder; it is no part of the public API, where clients call it as its server does. */
  readonly folder: string;
  readonly task: ModelTask;
  /** Such as `jumok-transformer`. */
  readonly architecture: string;
  readonly layers?: number;
  readonly heads?: number;
  readonly dModel: number;
  readonly vocabularySize: number;
  /** The most tokens that it reads, and that it writes. */
  readonly maxTokens: number;
  readonly parameters: number;
  /** Of a classifier: its classes. */
  readonly labels?: readonly string[];
  /** What the page tells of it; it is no part of the public API. */
  readonly card: NamelessCard;
}

/** What there is to tell of a model that was loaded from a folder. */
export async function servedModel(folder: string, loaded: LoadedModel): Promise<ServedModel> {
  const { kind, config, weights } = loaded;
  const task = await modelTask(folder, loaded);
  return {
    folder: basename(resolve(folder)),
    task,
    architecture: config.model_type,
    ...("encoder_layers" in config && { layers: config.encoder_layers }),
    ...("encoder_attention_heads" in config && { heads: config.encoder_attention_heads }),
    dModel: config.d_model,
    vocabularySize: config.vocab_size,
    maxTokens: config.max_position_embeddings,
    parameters: weights.layout.count,
    ...(kind === "classifier" && { labels: labelsOf(config) }),
    card: modelCard(loaded, task, await sampledTexts(folder)),
  };
}

/** The most characters of a text that the page offers. */
const SHORT = 100;

/** Short whole texts that were looked at while the model of a folder was trained, shortest first; none without its history. */
async function sampledTexts(folder: string): Promise<string[]> {
  const history = await readHistory(folder).catch(() => []);
  const texts = history.flatMap((event) => (event.type === "samples" ? event.samples.map(({ source }) => source) : []));
  return [...new Set(texts)]
    .filter((text) => text.length <= SHORT && !text.endsWith("…"))
    .sort((a, b) => a.length - b.length);
}
