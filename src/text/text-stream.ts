import type { Tokenizer } from "./tokenizer.ts";

/**
 * The text of ids that come one by one, in parts that never have to be taken back.
 *
 * A character whose bytes are not all there yet, and a blank that a mark may join, wait for the next id.
 */
export class TextStream {
  readonly #tokenizer: Tokenizer;
  readonly #ids: number[] = [];
  #given = "";

  constructor(tokenizer: Tokenizer) {
    this.#tokenizer = tokenizer;
  }

  /** Adds an id and gives the text that is now certain and new; often a word, sometimes nothing. */
  push(id: number): string {
    this.#ids.push(id);
    return this.#rest(this.#tokenizer.decode(this.#ids).replace(/[\uFFFD ]+$/, ""));
  }

  /** Gives what was still waiting. */
  end(): string {
    return this.#rest(this.#tokenizer.decode(this.#ids));
  }

  #rest(text: string): string {
    if (!text.startsWith(this.#given)) return "";
    const rest = text.slice(this.#given.length);
    this.#given = text;
    return rest;
  }
}
