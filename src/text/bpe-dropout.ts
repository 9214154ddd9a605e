import type { BpeModel } from "./bpe-trainer.ts";
import { bytePieces } from "./bytes.ts";

/** How often merges are left out, and by what chance. */
export interface MergeDropout {
  /** Share of the merges that are left out, `0 … 1`: 0 cuts as always, 1 into single characters. */
  readonly dropout: number;
  readonly random: { uniform(): number };
}

/**
 * Cuts words by byte-pair encoding with merges left out by chance, so that a model meets the same word in different
 * pieces (BPE-dropout: Provilkov, Emelianenko and Voita 2020, §3.1, algorithm 1).
 */
export class BpeDropout {
  /** The place of each merge, by its two pieces with a blank between: pieces hold none. */
  readonly #ranks: ReadonlyMap<string, number>;
  readonly #ids: Readonly<Record<string, number>>;
  readonly #bytes: readonly string[] | undefined;

  constructor({ merges, vocab, byte_fallback }: Pick<BpeModel, "merges" | "vocab" | "byte_fallback">) {
    this.#ranks = new Map(merges.map((pair, rank) => [[pair].flat().join(" "), rank]));
    this.#ids = vocab;
    this.#bytes = byte_fallback ? bytePieces() : undefined;
  }

  /** @returns the ids of a word's pieces; `undefined` for one that the vocabulary does not have */
  idsOf(word: string, chance: MergeDropout): (number | undefined)[] {
    return this.#pieces(word, chance).flatMap((piece) => {
      const id = Object.hasOwn(this.#ids, piece) ? this.#ids[piece] : undefined;
      if (id !== undefined || this.#bytes === undefined) return [id];
      return Array.from(new TextEncoder().encode(piece), (byte) => this.#ids[this.#bytes![byte]]);
    });
  }

  #pieces(word: string, { dropout, random }: MergeDropout): string[] {
    const pieces = [...word];
    for (;;) {
      let best = Number.POSITIVE_INFINITY;
      let place = -1;
      for (let i = 1; i < pieces.length; i++) {
        const rank = this.#ranks.get(`${pieces[i - 1]} ${pieces[i]}`);
        if (rank === undefined || random.uniform() < dropout || rank >= best) continue;
        best = rank;
        place = i;
      }
      if (place < 0) return pieces;
      pieces.splice(place - 1, 2, pieces[place - 1] + pieces[place]);
    }
  }
}
