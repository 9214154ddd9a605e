import { AttentionError } from "../explain/attention-map.ts";
import type { Attending } from "../explain/attention-of.ts";
import type { ShownSentence } from "../studio/shown-sentence.ts";
import { type FilmedSentence, filmedSentence, filmedWeights } from "./film.ts";

/** The attention of a few fixed sentences while the model is trained. */
export interface Filming {
  readonly sentences: readonly FilmedSentence[];
  /** The weights of each sentence as they are now, see `FilmFrame`. */
  look(): Promise<Uint8Array[]>;
  release(): Promise<void>;
}

/** A text to be filmed, with the ids of its tokens. */
export interface FilmedText {
  readonly text: string;
  /** What a model that writes is to have written. */
  readonly target?: string;
  /** What asks: the target with its end; of a classifier its text, or its class. */
  readonly rows: ShownSentence;
  /** What is looked at. */
  readonly columns: ShownSentence;
}

/**
 * Compiles a model whose weights change for filming.
 *
 * @returns `undefined` where the model does not attend, or the texts are too long
 */
export async function startFilming(
  compile: () => Promise<Attending>,
  texts: readonly FilmedText[],
): Promise<Filming | undefined> {
  const attending = await compile().catch((error: unknown) => {
    if (error instanceof AttentionError) return undefined;
    throw error;
  });
  if (attending === undefined) return undefined;
  const sentences: FilmedSentence[] = [];
  const filmed: FilmedText[] = [];
  for (const one of texts) {
    const explained = await attending.explain(one.text, one.target);
    const sentence = filmedSentence(explained, one);
    if (sentence === undefined) continue;
    sentences.push(sentence);
    filmed.push(one);
  }
  if (filmed.length === 0) {
    await attending.release();
    return undefined;
  }
  return {
    sentences,
    async look() {
      const looks: Uint8Array[] = [];
      for (const { text, target } of filmed) looks.push(filmedWeights(await attending.explain(text, target)));
      return looks;
    },
    release: () => attending.release(),
  };
}

/** The first few texts short enough to be shown, or else the shortest. */
export function filmable<Text>(texts: readonly Text[], lengthOf: (text: Text) => number): Text[] {
  const measured = texts.slice(0, CONSIDERED).map((text) => ({ text, length: lengthOf(text) }));
  const short = measured.filter(({ length }) => length <= FILMED_TOKENS);
  const chosen = short.length > 0 ? short : measured.sort((a, b) => a.length - b.length);
  return chosen.slice(0, FILMED_SENTENCES).map(({ text }) => text);
}

/** How many texts are considered. */
const CONSIDERED = 200;
/** The most tokens on a side of a text that is short. */
const FILMED_TOKENS = 24;
const FILMED_SENTENCES = 3;
