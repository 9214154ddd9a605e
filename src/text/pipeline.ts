import { droppedMarks, spacedMarks, type TextRules } from "./normal-form.ts";
import { continuation, endToken, specialTokens, startToken, wordStart } from "./special-tokens.ts";

/** What a tokenizer does around its model. */
export interface PipelineOptions extends TextRules {
  readonly kind: "bpe" | "wordpiece" | "word";
  readonly fallback: "bytes" | "characters";
}

/** A part of a tokenizer.json, named by its type. */
export interface Component {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** The parts of a tokenizer.json around the model. */
export interface Pipeline {
  readonly added_tokens: readonly AddedToken[];
  readonly normalizer: Component | null;
  readonly pre_tokenizer: Component | null;
  readonly post_processor: Component | null;
  readonly decoder: Component | null;
}

/** A special token in a tokenizer.json. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  readonly [key: string]: unknown;
}

/**
 * The longest run of characters that WordPiece looks at in one go; a longer word is cut here, losing nothing.
 * Its longest-match search takes time with the square of a word's length or worse, which a hostile text could abuse.
 */
const longestWord = 24;

/**
 * The normalizer, pre-tokenizer, decoder and post-processor of a Hugging Face tokenizer.json.
 *
 * A text is normalised (`normalForm`), cut at blanks, each word given its "▁", and cut again around marks. "#" and "<"
 * stand alone whatever the rules, so that no text can spell a special token, a byte piece (`<0xEC>`) or a "##" piece.
 * With WordPiece and byte fallback, words are then written byte by byte (`ByteLevel`), because WordPiece itself has no
 * byte fallback: the vocabulary holds whole characters and, for those it does not know, the single bytes.
 *
 * Only parts that mean the same in the Rust library and in @huggingface/tokenizers 0.2.0 are used. Known not to: `Strip`
 * and `WhitespaceSplit` before blanks are made equal (U+0085, U+FEFF), `Metaspace` for cutting (JavaScript does not
 * cut), `Split` with "Removed" and a plain string (JavaScript keeps it), `Prepend` on an empty text.
 */
export function pipeline(options: PipelineOptions): Pipeline {
  return {
    added_tokens: specialTokens.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: normalizer(options),
    pre_tokenizer: preTokenizer(options),
    post_processor: surrounding([startToken], [endToken]),
    decoder: decoder(options),
  };
}

function normalizer({ normalization, lowercase, punctuation }: TextRules): Component {
  const normalizers = [replace("\uFEFF", "")];
  if (normalization !== "none") normalizers.push({ type: normalization === "nfkc" ? "NFKC" : "NFC" });
  normalizers.push(replace(wordStart, "_"));
  if (lowercase) normalizers.push(replace("Σ", "σ"), { type: "Lowercase" });
  if (punctuation === "spaced") normalizers.push(...spacedMarks.map((mark) => replace(mark, ` ${mark} `)));
  if (punctuation === "dropped") normalizers.push(replace(droppedMarks, " "));
  normalizers.push(replace(/\s+/, " "), replace(/^ | $/, ""));
  return { type: "Sequence", normalizers };
}

function preTokenizer({ kind, fallback, punctuation }: PipelineOptions): Component {
  const pretokenizers: Component[] = [
    { type: "WhitespaceSplit" },
    { type: "Metaspace", replacement: wordStart, prepend_scheme: "always", split: true },
    // Punctuation as Hugging Face's `Punctuation` has it: Unicode's P and the ASCII symbols.
    isolate(punctuation === "isolated" ? /▁?[\p{P}$+<=>^`|~]/u : /▁?[#<]/),
  ];
  if (kind !== "bpe") {
    pretokenizers.push(isolate(new RegExp(`[\\s\\S]{1,${longestWord}}`)));
    if (kind === "wordpiece" && fallback === "bytes") pretokenizers.push(byteLevel);
  }
  return { type: "Sequence", pretokenizers };
}

function decoder({ kind, fallback, punctuation }: PipelineOptions): Component {
  const decoders: Component[] = [];
  if (kind === "wordpiece") decoders.push(replace(new RegExp(`^${continuation}`), ""));
  if (fallback === "bytes" && kind !== "word") {
    decoders.push(kind === "wordpiece" ? byteLevel : { type: "ByteFallback" });
  }
  decoders.push({ type: "Fuse" }, replace(wordStart, " "), { type: "Strip", content: " ", start: 1, stop: 0 });
  if (punctuation === "spaced") decoders.push(...spacedMarks.map((mark) => replace(` ${mark}`, mark)));
  return { type: "Sequence", decoders };
}

/** What puts special tokens before a text and after it, and after a second one. */
export function surrounding(before: readonly SpecialToken[], after: readonly SpecialToken[]): Component {
  const special = (type_id: number) => (id: string) => ({ SpecialToken: { id, type_id } });
  const sequence = (id: "A" | "B", type_id: number) => ({ Sequence: { id, type_id } });
  const single = [...before.map(special(0)), sequence("A", 0), ...after.map(special(0))];
  const named = (token: SpecialToken) => ({ id: token, ids: [specialTokens.indexOf(token)], tokens: [token] });
  return {
    type: "TemplateProcessing",
    single,
    pair: [...single, sequence("B", 1), ...after.map(special(1))],
    special_tokens: Object.fromEntries([...before, ...after].map((token) => [token, named(token)])),
  };
}

type SpecialToken = (typeof specialTokens)[number];

const byteLevel: Component = { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false };

function replace(pattern: string | RegExp, content: string): Component {
  return { type: "Replace", pattern: patternOf(pattern), content };
}

function isolate(pattern: RegExp): Component {
  return { type: "Split", pattern: patternOf(pattern), behavior: "Isolated", invert: false };
}

function patternOf(pattern: string | RegExp): { String: string } | { Regex: string } {
  return typeof pattern === "string" ? { String: pattern } : { Regex: pattern.source };
}
