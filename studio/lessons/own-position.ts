import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { PositionNumbers } from "../../src/studio/lesson-wire.ts";
import { useOwnNumbers } from "./own-numbers.ts";
import { attentionInOrder, byWord, moved } from "./places.ts";
import { SHIPPED } from "./shipped.ts";
import { useShownWord } from "./shown-word.ts";

/** A sentence of which one word was moved. */
export interface Moved {
  /** Its pieces in their first order. */
  readonly pieces: readonly string[];
  /** At each place the number of its piece. */
  readonly order: readonly number[];
  /** At each place the number of the word that its piece is of, counted in the new order. */
  readonly words: readonly number[];
  /** Where the moved word stood and stands, counted in words. */
  readonly from: number;
  readonly to: number;
  /** Attention by piece: a row and a column a piece in the first order. */
  readonly before: readonly (readonly number[])[];
  readonly after: readonly (readonly number[])[];
}

const { places } = SHIPPED;
/** The word that is moved: of the tiny model’s sentence, and of any other the first. */
const [TINY_FROM, OWN_FROM] = [2, 1];

/** Moves a word of the sentence, of the loaded model where that is chosen. */
export function useMoved({ to, encoded }: { to: number; encoded: boolean }) {
  const { t } = useTranslation("lessons");
  const shownWord = useShownWord();
  // How far the word can go is known from the first answer, for which it stays where it is.
  const [last, setLast] = useState(OWN_FROM);
  const { numbers, problem, own } = useOwnNumbers<PositionNumbers>({
    screen: 9,
    has: ({ arch, kinds }) => arch === "transformer" && kinds.includes("enc"),
    fields: { from: String(OWN_FROM), to: String(Math.min(to, last)), l: "0", h: "0" },
  });
  if (numbers) {
    const words = numbers.toks.map(({ w }) => w);
    if (last !== Math.max(...words) - 1) setLast(Math.max(...words) - 1);
    return {
      moved: ownMove(numbers, Math.min(to, last), encoded, shownWord),
      own,
      source: t("source.mine", { l: 1, h: 1 }),
    };
  }
  return {
    moved: tinyMove(Math.min(to, places.words.length - 2), encoded, shownWord),
    own,
    source: t(problem ? "source.failed" : "source.tiny"),
  };
}

type ShownWord = ReturnType<typeof useShownWord>;

function ownMove({ toks, was, ...maps }: PositionNumbers, to: number, encoded: boolean, shownWord: ShownWord): Moved {
  const [before, after] = encoded ? [maps.before, maps.after] : [maps.beforeUnplaced, maps.afterUnplaced];
  return {
    pieces: was.map((_, piece) => shownWord(toks[was.indexOf(piece)])),
    order: was,
    words: toks.map(({ w }) => w),
    from: OWN_FROM,
    to,
    before,
    after: byWord(after, was),
  };
}

function tinyMove(to: number, encoded: boolean, shownWord: ShownWord): Moved {
  const count = places.words.length;
  const order = moved(count, TINY_FROM, to);
  const still = moved(count, 0, 0);
  return {
    pieces: places.words.map(shownWord),
    order,
    words: still,
    from: TINY_FROM,
    to,
    before: attentionInOrder(places, still, encoded),
    after: byWord(attentionInOrder(places, order, encoded), order),
  };
}
