import { BpeDropout, type MergeDropout } from "./bpe-dropout.ts";
import { type BpeModel, trainBpe } from "./bpe-trainer.ts";
import { cut, type LibraryTokenizer, normalize, wordsOf } from "./library.ts";
import { wellFormed } from "./normal-form.ts";
import { type Component, pipeline } from "./pipeline.ts";
import { readablePiece } from "./readable-piece.ts";
import {
  openTokenizer,
  ownSpecialIds,
  piecesWithIds,
  readTokenizerFiles,
  type SpecialIds,
  sourceFrame,
  type TokenizerConfig,
  type TokenizerJson,
  tokenizerConfig,
} from "./tokenizer-file.ts";
import { checkedOptions, type TokenizerOptions } from "./tokenizer-options.ts";
import { countWords } from "./word-counts.ts";
import { trainWords } from "./word-trainer.ts";
import { trainWordPiece } from "./wordpiece-trainer.ts";

const TRAINERS = { bpe: trainBpe, wordpiece: trainWordPiece, word: trainWords };

/** How many parts of texts have their ids remembered, and the longest such part in UTF-16 units. */
const rememberedParts = 65_536;
const longestRemembered = 64;

/**
 * Cuts text into pieces of a vocabulary and puts pieces together again.
 *
 * It is the tokenizer.json it saves: training writes one, and encoding and decoding are done by @huggingface/tokenizers
 * from it, so that whoever loads the file gets the same ids. With byte fallback (the default) nothing is lost:
 * `decode(encode(text))` is `normalForm(text)` for every text.
 */
export class Tokenizer {
  /** How many ids there are: `0 … vocabularySize − 1`. It can be less than was asked for if the texts were few. */
  readonly vocabularySize: number;
  readonly padId: number;
  readonly startId: number;
  readonly endId: number;
  readonly unknownId: number;

  readonly #json: TokenizerJson;
  readonly #library: LibraryTokenizer;
  readonly #special: ReadonlyMap<number, string>;
  readonly #source: { readonly before: readonly number[]; readonly after: readonly number[] };
  readonly #byteLevel: boolean;
  /** Whether the text is first cut at blanks, so that what stands between them can be looked at alone. */
  readonly #cutsAtBlanks: boolean;
  #bpeDropout: BpeDropout | undefined;
  readonly #remembered = new Map<string, readonly number[]>();

  private constructor(json: TokenizerJson, special: SpecialIds) {
    this.#json = json;
    this.#library = openTokenizer(json);
    this.#special = new Map(json.added_tokens.map(({ id, content }) => [id, content]));
    this.#source = sourceFrame(json, special);
    const cuts = components(json.pre_tokenizer);
    this.#byteLevel = cuts.includes("ByteLevel");
    this.#cutsAtBlanks = cuts[0] === "WhitespaceSplit";
    this.vocabularySize = new Set([...piecesWithIds(json.model).map(([, id]) => id), ...this.#special.keys()]).size;
    this.padId = special.pad;
    this.startId = special.start;
    this.endId = special.end;
    this.unknownId = special.unknown;
  }

  /**
   * Learns a vocabulary from texts. The same texts, in any order, give the same tokenizer.
   *
   * @throws TypeError if a text or an option is not of its kind
   * @throws RangeError if `vocabularySize` is too small for the special tokens, the bytes and the alphabet
   */
  static train(texts: Iterable<string>, options: TokenizerOptions): Tokenizer {
    if (typeof texts === "string") throw new TypeError("train: texts is one string; pass an array of texts");
    const checked = checkedOptions(options);
    const parts = pipeline(checked);
    const words = countWords(texts, parts);
    const model = TRAINERS[checked.kind](words, checked);
    return new Tokenizer({ version: "1.0", truncation: null, padding: null, ...parts, model }, ownSpecialIds);
  }

  /**
   * Opens what `toJSON` and `config` gave, or the same two files of another tool (`readTokenizerFiles`).
   *
   * @param tokenizerJson the parsed tokenizer.json; kept, so do not change it
   * @param tokenizerConfig the parsed tokenizer_config.json
   * @throws Error naming the file and the key that is missing or wrong
   */
  static fromJSON(tokenizerJson: unknown, tokenizerConfig: unknown): Tokenizer {
    const { json, special } = readTokenizerFiles(tokenizerJson, tokenizerConfig);
    return new Tokenizer(json, special);
  }

  /**
   * The ids of a text, without `<start>` and `<end>`.
   *
   * Text such as "<end>" is never taken for a special token. Lone surrogates become U+FFFD.
   *
   * @param chance leaves merges out, see {@link BpeDropout}
   * @throws TypeError if merges are to be left out and the vocabulary is not of byte-pair encoding
   */
  encode(text: string, chance?: MergeDropout): number[] {
    const normal = normalize(this.#library, wellFormed(text));
    const parts = this.#cutsAtBlanks ? (normal.match(/\S+/g) ?? []) : [normal];
    return parts.flatMap((part) => (chance === undefined ? this.#idsOf(part) : this.#idsByChance(part, chance)));
  }

  /**
   * The ids of a text as a model reads it: between `<start>` and `<end>`, or, with a file of another tool, what its
   * post-processor puts around it.
   */
  asSource(ids: readonly number[]): number[] {
    return [...this.#source.before, ...ids, ...this.#source.after];
  }

  /**
   * The text of some ids; special tokens, `<unk>` too, are left out.
   *
   * Ids may be the beginning of a longer text: then the end may change with the next id (`TextStream`). Bytes that
   * are no valid UTF-8, which only a model can produce, become U+FFFD.
   *
   * @throws RangeError if an id is not in the vocabulary
   */
  decode(ids: Iterable<number>): string {
    const text: number[] = [];
    for (const id of ids) {
      if (this.#special.has(id)) continue;
      this.#pieceOf(id);
      text.push(id);
    }
    return text.length === 0 ? "" : this.#library.decode(text, { clean_up_tokenization_spaces: false });
  }

  /**
   * The pieces behind some ids as people read them: "▁영화", "볼래", "##볼래" inside a word with WordPiece, `<0xEC>` for a
   * byte, and special tokens by name.
   *
   * @throws RangeError if an id is not in the vocabulary
   */
  pieces(ids: Iterable<number>): string[] {
    return Array.from(ids, (id) => {
      const piece = this.#special.get(id) ?? this.#pieceOf(id);
      return this.#byteLevel && !this.#special.has(id) ? readablePiece(piece) : piece;
    });
  }

  /** What `decode(encode(text))` gives if no piece is unknown: the text after the rules of this tokenizer. */
  normalForm(text: string): string {
    const words = wordsOf(this.#library, wellFormed(text));
    return words.length === 0 ? "" : (this.#library.decoder?.decode(words) ?? words.join(" "));
  }

  /** The tokenizer.json. Do not change it. */
  toJSON(): TokenizerJson {
    return this.#json;
  }

  /**
   * The tokenizer_config.json.
   *
   * @param modelMaxLength how many ids the model takes at most, `<start>` and `<end>` among them
   */
  config(modelMaxLength: number): TokenizerConfig {
    const name = (id: number) => this.#special.get(id)!;
    return {
      ...tokenizerConfig(modelMaxLength),
      pad_token: name(this.padId),
      bos_token: name(this.startId),
      eos_token: name(this.endId),
      unk_token: name(this.unknownId),
    };
  }

  #idsByChance(part: string, chance: MergeDropout): number[] {
    const { model } = this.#json;
    if (model.type !== "BPE") throw new TypeError(`encode: a ${model.type} vocabulary has no merges to leave out`);
    this.#bpeDropout ??= new BpeDropout(model as BpeModel);
    const cutter = this.#bpeDropout;
    return cut(this.#library, part).flatMap((word) => cutter.idsOf(word, chance).map((id) => this.#plainId(id)));
  }

  #idsOf(part: string): readonly number[] {
    const remembered = this.#remembered.get(part);
    if (remembered) return remembered;
    const { model } = this.#library;
    const pieces = model.encode(cut(this.#library, part));
    const ids = pieces.map((piece) => this.#plainId(model.tokens_to_ids.get(piece)));
    if (part.length <= longestRemembered) {
      if (this.#remembered.size >= rememberedParts) this.#remembered.clear();
      this.#remembered.set(part, ids);
    }
    return ids;
  }

  /** A file of another tool may let a word spell a special token; that is not known either. */
  #plainId(id: number | undefined): number {
    return id === undefined || this.#special.has(id) ? this.unknownId : id;
  }

  #pieceOf(id: number): string {
    const piece = this.#library.model.vocab[id];
    if (piece === undefined) {
      throw new RangeError(`decode: ${id} is not an id of this tokenizer; ids are 0 … ${this.vocabularySize - 1}`);
    }
    return piece;
  }
}

/** The types of the parts of a component, in order. */
function components(component: Component | null): string[] {
  if (component?.type !== "Sequence") return component ? [component.type] : [];
  return (component.pretokenizers as Component[]).flatMap(components);
}
