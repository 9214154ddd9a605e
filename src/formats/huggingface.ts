import { RecurrentSeq2Seq } from "../models/recurrent-seq2seq.ts";
import type { Compression } from "../onnx/compress.ts";
import { type Component, surrounding } from "../text/pipeline.ts";
import { padToken } from "../text/special-tokens.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import { labelsOf, truncationOf } from "./classifier-config.ts";
import { classifierGraph, contractGraphs } from "./contract-graphs.ts";
import {
  ExportError,
  type ExportedFiles,
  type ExportOptions,
  type FileContent,
  fileOf,
  jsonFile,
  OnnxFiles,
  signature,
} from "./export-model.ts";
import { generationConfig, marianConfig, marianShapeOf, pegasusConfig } from "./huggingface-config.ts";
import { classifierReadme, recurrentNotes, SUFFIX, seq2seqReadme, transformerNotes } from "./huggingface-readme.ts";
import type { LoadedClassifier, LoadedModel, LoadedSeq2Seq } from "./loaded-model.ts";
import { toMarian } from "./marian-weights.ts";
import { modelOf } from "./model-config.ts";
import { encodeSafeTensors } from "./safetensors.ts";

/**
 * A model in the folder layout of Hugging Face, which transformers.js runs as it is: Marian's for a model that writes,
 * a text classifier's for a classifier. With a compression there are files of both kinds, whole and compressed.
 *
 * @throws {ExportError} when the tokenizer of a model that writes adds no start and end
 */
export function huggingFaceFiles(loaded: LoadedModel, options: ExportOptions = {}): ExportedFiles {
  return loaded.kind === "seq2seq" ? seq2seqFiles(loaded, options) : classifierFiles(loaded, options);
}

function seq2seqFiles({ config, weights, tokenizer }: LoadedSeq2Seq, { compression }: ExportOptions): ExportedFiles {
  const maxTokens = config.max_position_embeddings;
  // One position more, at which a sentence that has found no end is ended.
  const model = modelOf({ ...config, max_position_embeddings: maxTokens + 1 });
  const graphs = contractGraphs(model, { endId: config.eos_token_id, maxTokens });
  const onnx = new OnnxFiles(model, weights, { model_type: config.model_type });
  const [encoder, decoder] = [onnx.write(graphs.encoder), onnx.write(graphs.decoder)];
  const transformer = config.model_type === "jumok-transformer" ? config : undefined;

  const files: ExportedFiles = new Map([
    ["config.json", jsonFile(marianConfig(config, tokenizer))],
    ["generation_config.json", jsonFile(generationConfig(config))],
    ...tokenizerFiles(tokenizer, maxTokens, { processor: startAndEnd(tokenizer) }),
    ...onnxFiles("encoder_model", encoder, compression),
    ...onnxFiles("decoder_model_merged", decoder, compression),
  ]);
  if (transformer !== undefined) {
    const named = toMarian(weights.views, marianShapeOf(transformer), maxTokens);
    files.set("model.safetensors", encodeSafeTensors(named, { format: "pt" }));
    if (transformer.normalize_before && transformer.share_encoder_decoder_embeddings) {
      files.set("pegasus_config.json", jsonFile(pegasusConfig(transformer)));
    }
  }
  const notes = model instanceof RecurrentSeq2Seq ? recurrentNotes() : transformerNotes(transformer!);
  files.set(
    "README.md",
    seq2seqReadme({ maxTokens, notes, compression, encoder: signature(encoder), decoder: signature(decoder) }),
  );
  return files;
}

function classifierFiles({ config, model, weights, tokenizer }: LoadedClassifier, { compression }: ExportOptions) {
  const onnx = new OnnxFiles(model, weights, { model_type: config.model_type });
  const graph = onnx.write(classifierGraph(model));
  const labels = labelsOf(config);
  const maxLength = config.max_position_embeddings;
  const files: ExportedFiles = new Map([
    [
      "config.json",
      jsonFile({
        // The plainest layout of a classifier that transformers.js knows; the graph itself is this model's own.
        model_type: "distilbert",
        architectures: ["DistilBertForSequenceClassification"],
        problem_type: "single_label_classification",
        id2label: config.id2label,
        label2id: config.label2id,
        num_labels: labels.length,
        vocab_size: config.vocab_size,
        max_position_embeddings: maxLength,
        pad_token_id: config.pad_token_id,
        jumok: { model_type: config.model_type },
      }),
    ],
    ...tokenizerFiles(tokenizer, model.attendsToPadding ? maxLength + 1 : maxLength, {
      processor: model.attendsToPadding ? surrounding([padToken], []) : null,
      truncationSide: config.truncation_side,
    }),
    ...onnxFiles("model", graph, compression),
  ]);
  const cut = truncationOf(config) === "start";
  files.set("README.md", classifierReadme({ labels, maxLength, cut, compression, graph: signature(graph) }));
  return files;
}

function onnxFiles(name: string, graph: Parameters<typeof fileOf>[0], compression?: Compression) {
  const files: [string, FileContent][] = [[`onnx/${name}.onnx`, fileOf(graph)]];
  if (compression !== undefined) {
    files.push([`onnx/${name}${SUFFIX[compression]}.onnx`, fileOf(graph, compression)]);
  }
  return files;
}

function tokenizerFiles(
  tokenizer: Tokenizer,
  maxLength: number,
  { processor, truncationSide = "right" }: { processor: Component | null; truncationSide?: string },
): [string, FileContent][] {
  return [
    ["tokenizer.json", jsonFile({ ...tokenizer.toJSON(), post_processor: processor })],
    [
      "tokenizer_config.json",
      jsonFile({ ...tokenizer.config(maxLength), padding_side: "right", truncation_side: truncationSide }),
    ],
  ];
}

/** What adds the start and the end. */
function startAndEnd(tokenizer: Tokenizer): Component | null {
  const { post_processor } = tokenizer.toJSON();
  if (post_processor !== null) return post_processor;
  throw new ExportError(
    "export: the tokenizer.json of this model has no post_processor that adds the start and the end",
  );
}
