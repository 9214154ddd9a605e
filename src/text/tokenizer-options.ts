import type { TextRules } from "./normal-form.ts";

/** How a tokenizer is trained. Only the size is needed. */
export interface TokenizerOptions extends Partial<TextRules> {
  /**
   * Byte-pair encoding (the default), WordPiece with "##" inside words, or whole words: then one that is not in the
   * vocabulary is `<unk>`, and so lost.
   */
  readonly kind?: "bpe" | "wordpiece" | "word";

  /** How many pieces at most, special tokens and bytes among them. */
  readonly vocabularySize: number;

  /**
   * What an unknown character becomes: its "bytes" (the default; nothing is lost), or `<unk>` with "characters" (with
   * WordPiece, its whole word). Of no meaning where pieces are whole words.
   */
  readonly fallback?: "bytes" | "characters";

  /** Characters, pairs of pieces and whole words rarer than this are not learnt; 2 by default. */
  readonly minimumFrequency?: number;

  /** How many single characters at most; by default half of what special tokens and bytes leave (`chooseAlphabet`). */
  readonly alphabetLimit?: number;
}

/** Options with every default filled in. */
export type CheckedOptions = Required<Omit<TokenizerOptions, "alphabetLimit">> &
  Pick<TokenizerOptions, "alphabetLimit">;

const choices = {
  kind: ["bpe", "wordpiece", "word"],
  normalization: ["nfc", "nfkc", "none"],
  punctuation: ["isolated", "spaced", "dropped"],
  fallback: ["bytes", "characters"],
} as const;

/**
 * Fills in the defaults: BPE, NFC, capital letters kept, punctuation isolated, byte fallback, minimum frequency 2.
 *
 * @throws TypeError naming the option that is not of its kind
 */
export function checkedOptions(options: TokenizerOptions): CheckedOptions {
  const checked: CheckedOptions = {
    kind: options.kind ?? "bpe",
    vocabularySize: options.vocabularySize,
    normalization: options.normalization ?? "nfc",
    lowercase: options.lowercase ?? false,
    punctuation: options.punctuation ?? "isolated",
    fallback: options.fallback ?? "bytes",
    minimumFrequency: options.minimumFrequency ?? 2,
    alphabetLimit: options.alphabetLimit,
  };
  for (const [name, allowed] of Object.entries(choices) as [keyof typeof choices, readonly string[]][]) {
    if (!allowed.includes(checked[name])) {
      throw new TypeError(`train: ${name} must be one of ${allowed.join(", ")}; it is ${checked[name]}`);
    }
  }
  for (const name of ["vocabularySize", "minimumFrequency", "alphabetLimit"] as const) {
    const number = checked[name];
    if (name === "alphabetLimit" && number === undefined) continue;
    if (!Number.isInteger(number) || number! < 1) {
      throw new TypeError(`train: ${name} must be a whole number from 1 on; it is ${number}`);
    }
  }
  return checked;
}
