import { useTranslation } from "react-i18next";
import type { HeadNumbers } from "../../src/studio/lesson-wire.ts";
import type { Kind } from "../../src/studio/wire.ts";
import { selection } from "../app/selection.ts";
import { useOwnNumbers } from "./own-numbers.ts";
import { dot, entropyBits, softmax } from "./shares.ts";
import { SHIPPED } from "./shipped.ts";
import { useShownWord } from "./shown-word.ts";

/** All that one head computes, the loaded model's or a tiny one's. */
export interface ShownHead {
  /** Words that ask, and words that are looked at. */
  readonly rows: readonly string[];
  readonly cols: readonly string[];
  /** A row a word. */
  readonly q: readonly (readonly number[])[];
  readonly k: readonly (readonly number[])[];
  readonly v: readonly (readonly number[])[];
}

/** The score of each column for a row, `q·k / √d`. */
export function scoresOfRow({ q, k }: ShownHead, row: number): number[] {
  return k.map((key) => dot(q[row], key) / Math.sqrt(key.length));
}

/** The row that tells most: neither one word alone nor all alike, so its entropy is nearest to 1.6 bits. */
export function tellingRow(head: ShownHead): number {
  const distance = (row: number) => Math.abs(entropyBits(softmax(scoresOfRow(head, row))) - 1.6);
  return head.rows.reduce((best, _, row) => (distance(row) < distance(best) ? row : best), 0);
}

type TinyKind = "enc" | "dec" | "cross";

const KINDS: readonly TinyKind[] = ["enc", "dec", "cross"];

/** The kind of attention that is looked at in the other views, or else this one. */
export function chosenKind(otherwise: TinyKind): TinyKind {
  return KINDS.find((kind) => kind === selection.get().kind) ?? otherwise;
}

/** The head that a screen shows, of the loaded model where that is chosen and has it. */
export function useShownHead(screen: number, kind: TinyKind) {
  const { t } = useTranslation("lessons");
  const shownWord = useShownWord();
  const { layer, head, row } = selection.get();
  const { numbers, problem, own } = useOwnNumbers<HeadNumbers>({
    screen,
    has: ({ arch, kinds }) => arch === "transformer" && kinds.includes(kind as Kind),
    fields: { kind, l: String(layer ?? 0), h: String(head ?? 0) },
  });
  const shown: ShownHead = numbers
    ? { rows: numbers.rows.map(shownWord), cols: numbers.cols.map(shownWord), q: numbers.q, k: numbers.k, v: numbers.v }
    : tinyHead(kind, shownWord);
  const source = numbers ? t("source.mine", { l: numbers.l + 1, h: numbers.h + 1 }) : t("source.tiny");
  return {
    head: shown,
    own,
    source: problem ? t("source.failed") : source,
    /** The row that is looked at in the other views. */
    chosenRow: numbers && row,
  };
}

function tinyHead(kind: TinyKind, shownWord: (word: string) => string): ShownHead {
  const { source, read, written } = SHIPPED.head;
  const [rows, cols] = { enc: [source, source], dec: [read, read], cross: [written, source] }[kind];
  return { rows: rows.map(shownWord), cols: cols.map(shownWord), ...SHIPPED.head[kind] };
}
