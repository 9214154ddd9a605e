import { useTranslation } from "react-i18next";
import type { PositionNumbers } from "../../src/studio/lesson-wire.ts";
import { useOwnNumbers } from "./own-numbers.ts";
import { attentionInOrder, byWord, moved } from "./places.ts";
import { SHIPPED } from "./shipped.ts";
import { useShownWord } from "./shown-word.ts";

/** A sentence of which one word was moved. */
export interface Moved {
  /** In their first order. */
  readonly words: readonly string[];
  /** At each place the number of its word. */
  readonly order: readonly number[];
  /** Attention by word: a row and a column a word in the first order. */
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
}

const { places } = SHIPPED;

/** Moves a word of the sentence, of the loaded model where that is chosen. */
export function useMoved({ from, to, encoded }: { from: number; to: number; encoded: boolean }) {
  const { t } = useTranslation("lessons");
  const shownWord = useShownWord();
  const { numbers, problem, own } = useOwnNumbers<PositionNumbers>({
    screen: 9,
    has: ({ arch, kinds }) => arch === "transformer" && kinds.includes("enc"),
    fields: { from: String(from), to: String(to), l: "0", h: "0" },
  });
  if (numbers) {
    const { was, toks } = numbers;
    const [before, after] = encoded ? [numbers.before, numbers.after] : [numbers.beforeUnplaced, numbers.afterUnplaced];
    const words = toks.map((_, word) => shownWord(toks[was.indexOf(word)]));
    return {
      moved: { words, order: was, before, after: byWord(after, was) },
      own,
      source: t("source.mine", { l: 1, h: 1 }),
    };
  }
  const count = places.words.length;
  const order = moved(count, from, Math.min(to, count - 1));
  return {
    moved: {
      words: places.words.map(shownWord),
      order,
      before: attentionInOrder(places, moved(count, 0, 0), encoded),
      after: byWord(attentionInOrder(places, order, encoded), order),
    },
    own,
    source: problem ? t("source.failed") : t("source.tiny"),
  };
}
