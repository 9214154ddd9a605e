import type { Compression } from "../onnx/compress.ts";
import type { TransformerConfig } from "./huggingface-config.ts";

/** What transformers.js adds to the name of a file that is compressed so. */
export const SUFFIX: Readonly<Record<Compression, string>> = { int8: "_quantized", fp16: "_fp16" };

/** How transformers.js is asked for such a file. */
const DTYPE: Readonly<Record<Compression, string>> = { int8: "q8", fp16: "fp16" };
/** What of a Transformer Marian's layout cannot say. */
export function transformerNotes(config: TransformerConfig): string {
  const { normalize_before, share_encoder_decoder_embeddings, layer_norm_eps = 1e-6 } = config;
  const notes = [
    `- Layer normalisation adds ${layer_norm_eps.toExponential()} to the variance here (\`layer_norm_eps\` in \`config.json\`). \`MarianMTModel\` always`,
    "  adds 1e-5: where that differs, scores differ slightly.",
    "- The order of the features (dModel) was changed, so that the positional encodings are Marian's: sines first, then",
    "  cosines. Nothing else depends on it.",
    "- Dropout on the decoder's masked self-attention alone cannot be stated; it matters for training only.",
  ];
  if (normalize_before) {
    notes.push(
      "- **This model normalises before each sublayer, Marian's layout after it.** `config.json` says so",
      "  (`normalize_before`), but `MarianMTModel` does not read that: with it these weights give nonsense.",
    );
    notes.push(
      share_encoder_decoder_embeddings
        ? [
            "  Pegasus has this form and the same names:",
            "  ```python",
            "  from transformers import PegasusConfig, PegasusForConditionalGeneration",
            '  config = PegasusConfig.from_json_file("pegasus_config.json")',
            '  model = PegasusForConditionalGeneration.from_pretrained(".", config=config)',
            "  ```",
          ].join("\n")
        : "  No layout of Hugging Face has this form with separate tables; the ONNX files and `jumok import` do.",
    );
  }
  return `\`model.safetensors\` holds the weights under Marian's names, for Python and for \`jumok import\`. The ONNX files
compute exactly what jumok computes; of \`model.safetensors\` in other hands this is to be known:

${notes.join("\n")}`;
}

/** What of a recurrent model Marian's layout cannot say. */
export function recurrentNotes(): string {
  return `There is no \`model.safetensors\`: this is a recurrent network, which Marian's layout cannot describe. The ONNX files
keep the contract all the same. \`past_key_values.N.decoder.key\` (and \`value\`, of an LSTM) is the state of layer N after the
step before, and \`last_hidden_state\` has in front of the encoder's states those that the decoder begins with. \`use_cache_branch\` is false at the first call, where there is no step before.

A recurrent model does not count its steps: \`max_length\` in \`generation_config.json\` ends an answer that finds no end.`;
}

interface Seq2SeqReadme {
  maxTokens: number;
  notes: string;
  compression?: Compression;
  encoder: string;
  decoder: string;
}

/** The README of an exported model that writes. */
export function seq2seqReadme({ maxTokens, notes, compression, encoder, decoder }: Seq2SeqReadme): string {
  return `# A model exported by jumok

Hugging Face's layout of an encoder-decoder (Marian). With transformers.js:

\`\`\`js
import { env, pipeline } from "@huggingface/transformers";

env.allowRemoteModels = false;
env.localModelPath = "/the/folder/above/";
const answer = await pipeline("text2text-generation", "this-folder", { dtype: "fp32" });
console.log(await answer("…"));
\`\`\`
${compressionNote(compression)}
Attention comes as outputs \`encoder_attentions.N\`, \`decoder_attentions.N\` and \`cross_attentions.N\`, one a layer, \`[batch, heads,
query, key]\`; \`generate({ ...inputs, return_dict_in_generate: true, output_attentions: true })\` collects those of the decoder.

## What this layout does not say

- Answers are greedy. Beam search and sampling are the client's, and differ from jumok's.
- The model reads and writes at most ${maxTokens} tokens, \`<start>\` and \`<end>\` included. A longer source is cut by the tokenizer where
  the client asks for it, and \`<end>\` may be lost with the rest; jumok refuses such a source.
- Padding goes to the right. After \`<end>\`, and after ${maxTokens} tokens of a Transformer, the decoder says nothing but \`<end>\`,
  so that batches stop.
- A text that spells a special token, such as "<end>", is taken for that token by Hugging Face's tokenizers; jumok reads it as text.

${notes}

## onnx/encoder_model.onnx

${encoder}
## onnx/decoder_model_merged.onnx

The first call gets caches whose named length is 0, and the whole beginning of the answer; each later call gets one token and
the \`present.*\` of the call before as \`past_key_values.*\`.

${decoder}`;
}

interface ClassifierReadme {
  labels: readonly string[];
  maxLength: number;
  cut: boolean;
  compression?: Compression;
  graph: string;
}

/** The README of an exported classifier. */
export function classifierReadme({ labels, maxLength, cut, compression, graph }: ClassifierReadme): string {
  return `# A classifier exported by jumok

Hugging Face's layout of a text classifier. With transformers.js:

\`\`\`js
import { env, pipeline } from "@huggingface/transformers";

env.allowRemoteModels = false;
env.localModelPath = "/the/folder/above/";
const judge = await pipeline("text-classification", "this-folder", { dtype: "fp32" });
console.log(await judge("…"));
\`\`\`
${compressionNote(compression)}
Classes: ${labels.map((label, i) => `${i} ${label}`).join(", ")}.

## What this layout does not say

- \`config.json\` names DistilBERT, the plainest layout of a classifier, but the model is none: there is no \`model.safetensors\`, and
  Python's \`transformers\` cannot open the folder as PyTorch. The ONNX file is the whole model.
- It was trained on texts of at most ${maxLength} tokens${
    cut
      ? "; of a longer one jumok keeps the end. transformers.js keeps the beginning, so cut\n  long texts yourself"
      : ", of a longer one the beginning"
  }.
- A text that spells a special token, such as "<end>", is taken for that token by Hugging Face's tokenizers; jumok reads it as text.

## onnx/model.onnx

${graph}`;
}

function compressionNote(compression?: Compression): string {
  if (compression === undefined) return "";
  return `\nWith \`dtype: "${DTYPE[compression]}"\` the compressed files are used, \`*${SUFFIX[compression]}.onnx\`.\n`;
}
