import type { ExportOptions } from "../formats/export-model.ts";
import type { LoadedModel } from "../formats/loaded-model.ts";

/** The size of each file in bytes, by its path in the folder. */
type Sizes = ReadonlyMap<string, number>;

/** The README.md of a browser export. */
export function pageReadme(
  { kind, config }: Pick<LoadedModel, "kind" | "config">,
  {
    compression,
    sizes: { model, library, page, training },
  }: ExportOptions & { sizes: Readonly<Record<"model" | "library" | "page" | "training", Sizes>> },
): string {
  const [title, usage] = kind === "seq2seq" ? ["A model that writes", WRITES] : ["A classifier", CLASSIFIES];
  return `# ${title}, exported by jumok for browsers

Static files: jumok's studio, in Korean and English, with the model running in the page, on the reader's own machine. Nothing is
fetched from elsewhere and nothing is sent.

## Look at it

A browser loads such a page through a web server only; any that gives out files will do, on a laptop for instance

\`\`\`sh
python3 -m http.server 8000 --bind 127.0.0.1
\`\`\`

and then http://127.0.0.1:8000/. To publish it, copy the folder to any host of static files, at any path.
${training.size > 0 ? TRAINING : ""}
## Use it in a page of your own

\`jumok.js\` is a module; it finds \`ort/\` and \`model/\` beside itself. The rest of the page is not needed.

${usage.replace("{maxLength}", String(config.max_position_embeddings))}
\`openModel(folder, options)\` and \`openClassifier(folder, options)\` take the address of another model folder, and as options
\`attention\`, whether attention is told, and \`threads\`, of which there is one if you do not say. More are used only where the page is
isolated (\`Cross-Origin-Opener-Policy: same-origin\`, \`Cross-Origin-Embedder-Policy: require-corp\`), and pay only for large models.
TypeScript finds the types in the npm package: \`(await import(url)) as typeof import("jumok/browser")\`.
A page with a Content-Security-Policy needs \`script-src 'self' 'wasm-unsafe-eval'\` and \`connect-src 'self'\`.

## Sizes

| file | bytes |
|---|---:|
${rows(model)}| **model** | **${total(model)}** |
${rows(library)}${rows(byFolder(page))}${rows(byFolder(training))}
The page loads of \`assets/\` and \`fonts/\` what it shows, less than 300 KB compressed at first, and then the model. The WebAssembly is ONNX
Runtime's, the same for every model. Servers that compress send about a quarter of it.
${compressionNote(compression)}
\`LICENSES.txt\` has the licences of what is inside \`jumok.js\`, \`ort/\` and the studio.
`;
}

const TRAINING = `
\`training/\` is what the Training view shows: losses, a few sentences of the training data with the model's answers as they changed, and
its attention to them. Whoever opens the page can read it. Without it: delete the folder, and in \`index.html\` say \`"recorded":false\`.
`;

const WRITES = `\`\`\`html
<p id="answer"></p>
<script type="module">
  import { openModel } from "./jumok.js";

  const model = await openModel("./model/");
  for await (const part of model.stream("영화 볼래?")) answer.append(part);
</script>
\`\`\`

| call | gives |
|---|---|
| \`model.stream(text, options)\` | an async iterator of parts of the answer, each as soon as it is certain; it returns the answer. Leaving the loop stops it |
| \`model.answer(text, options)\` | the answer: \`answer\`, \`tokens\`, \`ids\`, \`score\`, \`finished\`, \`milliseconds\`, and \`nBest\` and \`attention\` where asked for |
| \`model.attentionOf(answer)\` | the attention of an answer given with \`attention: true\`, as maps |
| \`attentionFigure(maps, { words: true, language: "ko" })\` | such maps as the text of an SVG; exported by \`jumok.js\` too |
| \`model.release()\` | nothing; frees the memory |

Options of search, all optional: \`beam\`, \`nBest\`, \`lengthPenalty\` (\`"wu"\` or \`"average"\`) with \`alpha\`, \`coverage\`, \`minTokens\`, \`maxTokens\`,
\`noRepeatNgram\`, \`repetitionPenalty\`, \`sampling\` (\`temperature\`, \`topK\`, \`topP\`, \`seed\`), \`constraint\`, \`attention\`, \`signal\` (an \`AbortSignal\`).
Without any, the answer is greedy. A text may have {maxLength} tokens; a longer one, or an empty one, throws a \`TextError\`.
`;

const CLASSIFIES = `\`\`\`html
<p id="label"></p>
<script type="module">
  import { openClassifier } from "./jumok.js";

  const model = await openClassifier("./model/", { attention: true });
  const judged = await model.judge("배송이 빠르고 좋아요");
  label.textContent = \`\${judged.label} \${judged.probability}\`;
</script>
\`\`\`

| call | gives |
|---|---|
| \`model.judge(text)\` | \`label\`, \`probability\`, \`logProbabilities\` of all classes, \`tokens\`, \`cut\`; with \`attention: true\` also \`attention\` of the tokens and \`words\` with their \`weight\` |
| \`model.labels\` | the names of the classes, in the order of \`logProbabilities\` |
| \`model.release()\` | nothing; frees the memory |

Of a text with more than {maxLength} tokens a part is not read: \`cut\` says how many. A text without words throws a \`TextError\`.
`;

/** Files in folders counted together. */
function byFolder(sizes: Sizes): Sizes {
  const all = new Map<string, number>();
  for (const [path, bytes] of sizes) {
    const name = path.includes("/") ? path.slice(0, path.indexOf("/") + 1) : path;
    all.set(name, (all.get(name) ?? 0) + bytes);
  }
  return all;
}

function rows(sizes: Sizes): string {
  return [...sizes].map(([name, bytes]) => `| \`${name}\` | ${grouped(bytes)} |\n`).join("");
}

function total(sizes: Sizes): string {
  return grouped([...sizes.values()].reduce((sum, bytes) => sum + bytes, 0));
}

function grouped(bytes: number): string {
  return bytes.toLocaleString("en-US");
}

function compressionNote(compression: ExportOptions["compression"]): string {
  if (compression === undefined) return "";
  const stored = compression === "int8" ? "eight bits with a scale a row" : "half precision";
  return `
Weights are stored in ${stored} and computed with in single precision: answers are those of the rounded weights,
in the page and with \`jumok chat\` or \`jumok classify\` on \`model/\`, which is a model folder like any other.
`;
}
