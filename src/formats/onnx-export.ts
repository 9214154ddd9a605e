import { input } from "../graph/source.ts";
import { stateInputs, stateOutputs } from "../models/state.ts";
import { labelsOf } from "./classifier-config.ts";
import { attentions, classifierGraph, sourceInputs } from "./contract-graphs.ts";
import { type ExportedFiles, type ExportOptions, fileOf, jsonFile, OnnxFiles, signature } from "./export-model.ts";
import type { LoadedClassifier, LoadedModel, LoadedSeq2Seq } from "./loaded-model.ts";

/**
 * A model as plain ONNX files with a README of their inputs and outputs: encoder.onnx and decoder.onnx of a model that
 * writes, model.onnx of a classifier, and its tokenizer.
 */
export function onnxFiles(loaded: LoadedModel, options: ExportOptions = {}): ExportedFiles {
  return loaded.kind === "seq2seq" ? seq2seqFiles(loaded, options) : classifierFiles(loaded, options);
}

function seq2seqFiles({ config, model, weights, tokenizer }: LoadedSeq2Seq, { compression }: ExportOptions) {
  const metadata = {
    model_type: config.model_type,
    vocab_size: String(config.vocab_size),
    max_length: String(config.max_position_embeddings),
    pad_token_id: String(config.pad_token_id),
    start_token_id: String(config.decoder_start_token_id),
    end_token_id: String(config.eos_token_id),
  };
  const onnx = new OnnxFiles(model, weights, metadata);
  const begun = model.begin(sourceInputs("batch", "source"));
  const encoder = onnx.write({
    ...stateOutputs("memory", begun.memory),
    ...stateOutputs("carried", begun.carried),
    ...attentions(begun.attention),
  });
  const tokens = input("tokens", "int32", ["batch", "time"]);
  const stepped = model.step(tokens, stateInputs("memory", begun.memory), stateInputs("carried", begun.carried));
  const decoder = onnx.write({
    logits: stepped.logits,
    ...stateOutputs("next", stepped.carried),
    ...attentions(stepped.attention),
  });
  const files: ExportedFiles = new Map([
    ["encoder.onnx", fileOf(encoder, compression)],
    ["decoder.onnx", fileOf(decoder, compression)],
    ["tokenizer.json", jsonFile(tokenizer)],
    ["tokenizer_config.json", jsonFile(tokenizer.config(config.max_position_embeddings))],
    [
      "README.md",
      `# A model exported by jumok

Two ONNX files (opset 20, with operators of ONNX Runtime's \`com.microsoft\`). \`encoder.onnx\` reads a source once; \`decoder.onnx\`
reads the next tokens of the answer and gives the scores of what may follow.

1. Encode the source with \`tokenizer.json\`; it stands between \`<start>\` (${config.bos_token_id}) and \`<end>\` (${config.eos_token_id}), which the file adds. At most
   ${config.max_position_embeddings} tokens. Pad a batch at the end with ${config.pad_token_id}, where \`attention_mask\` is 0.
2. Run the encoder. Its \`memory.*\` go into every step of the decoder as they are, its \`carried.*\` into the first.
3. Run the decoder with \`tokens\` = \`<start>\` (${config.decoder_start_token_id}), then each time with the token chosen from the last row of \`logits\`, and the
   \`next.*\` of the step before as \`carried.*\`. Stop at \`<end>\` (${config.eos_token_id}), or after ${config.max_position_embeddings} tokens.

\`logits\` are not normalised: their softmax are the probabilities. \`*_attentions.N\` are the attention weights of layer N; a client
that does not ask for them pays nothing.
${compressionNote(compression)}
## encoder.onnx

${signature(encoder)}
## decoder.onnx

${signature(decoder)}
## Metadata

${table(metadata)}`,
    ],
  ]);
  return files;
}

function classifierFiles({ config, model, weights, tokenizer }: LoadedClassifier, { compression }: ExportOptions) {
  const labels = labelsOf(config);
  const metadata = {
    model_type: config.model_type,
    vocab_size: String(config.vocab_size),
    max_length: String(config.max_position_embeddings),
    pad_token_id: String(config.pad_token_id),
    ...(model.attendsToPadding && { attends_to_padding: "true" }),
    truncation_side: config.truncation_side,
    labels: JSON.stringify(labels),
  };
  const padFirst = model.attendsToPadding
    ? `Begin every text with ${config.pad_token_id}, which stands for\nthe padding that the model attends to and is no padding of the batch: its \`attention_mask\` is 1. `
    : "";
  const graph = new OnnxFiles(model, weights, metadata).write(classifierGraph(model));
  const files: ExportedFiles = new Map([
    ["model.onnx", fileOf(graph, compression)],
    ["tokenizer.json", jsonFile({ ...tokenizer.toJSON(), post_processor: null })],
    ["tokenizer_config.json", jsonFile(tokenizer.config(config.max_position_embeddings))],
    [
      "README.md",
      `# A classifier exported by jumok

One ONNX file (opset 20, with operators of ONNX Runtime's \`com.microsoft\`). Encode a text with \`tokenizer.json\`, without special
tokens; of a text of more than ${config.max_position_embeddings} tokens keep the ${config.truncation_side === "left" ? "end" : "beginning"}. ${padFirst}Pad a batch at the end with ${config.pad_token_id}, where
\`attention_mask\` is 0. The softmax of \`logits\` are the probabilities of ${labels.map((label, i) => `${i} ${label}`).join(", ")}.
${compressionNote(compression)}
## model.onnx

${signature(graph)}
## Metadata

${table(metadata)}`,
    ],
  ]);
  return files;
}

function table(metadata: Readonly<Record<string, string>>): string {
  const rows = Object.entries(metadata).map(([key, value]) => `| \`${key}\` | ${value.replaceAll("|", "\\|")} |`);
  return ["| key | value |", "|---|---|", ...rows, ""].join("\n");
}

function compressionNote(compression: ExportOptions["compression"]): string {
  if (compression === undefined) return "";
  return compression === "fp16"
    ? "\nWeights are stored in half precision and computed with in single precision.\n"
    : "\nWeights are stored in eight bits with a scale a channel; products with them are of integers, the other factor being\nquantized as it comes.\n";
}
