import { Tokenizer } from "@huggingface/tokenizers";

/**
 * What this room uses of a tokenizer of @huggingface/tokenizers.
 *
 * Written out here because the declarations of 0.2.0 leave out file extensions, so that TypeScript's `nodenext` finds
 * none of its types. Nothing else imports the library.
 */
export interface LibraryTokenizer {
  readonly normalizer: { normalize(text: string): string } | null;
  readonly pre_tokenizer: { pre_tokenize(text: string, options: { section_index: number }): string[] } | null;
  readonly model: {
    readonly vocab: readonly (string | undefined)[];
    readonly tokens_to_ids: ReadonlyMap<string, number>;
    encode(words: string[]): string[];
  };
  readonly decoder: { decode(pieces: string[]): string } | null;
  decode(ids: number[], options: { clean_up_tokenization_spaces: boolean }): string;
}

/**
 * Opens the parts of a tokenizer.json, but no special tokens: it sees none in a text and adds none.
 *
 * @throws Error if a part is of a type the library does not have
 */
export function openLibrary(json: object): LibraryTokenizer {
  return new Tokenizer({ ...json, added_tokens: [], post_processor: null }, {}) as LibraryTokenizer;
}

/** Normalises a well-formed text and cuts it into the words that the model sees. */
export function wordsOf(library: LibraryTokenizer, text: string): string[] {
  return cut(library, normalize(library, text));
}

/** Normalises a well-formed text. */
export function normalize({ normalizer }: LibraryTokenizer, text: string): string {
  return normalizer ? normalizer.normalize(text) : text;
}

/** Cuts a normalised text into the words that the model sees. */
export function cut({ pre_tokenizer }: LibraryTokenizer, normal: string): string[] {
  if (normal === "") return [];
  return pre_tokenizer ? pre_tokenizer.pre_tokenize(normal, { section_index: 0 }) : [normal];
}
