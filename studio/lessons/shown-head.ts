import { useTranslation } from "react-i18next";
import type { HeadNumbers } from "../../src/studio/lesson-wire.ts";
import type { Kind, ModelCard } from "../../src/studio/wire.ts";
import { questionOf } from "../app/question.ts";
import { selection } from "../app/selection.ts";
import { useStudio } from "../app/studio-context.tsx";
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
  /** Of a recurrent model: its scores, `[rows, cols]`. */
  readonly scores?: readonly (readonly number[])[];
}

/** The score of each column for a row, `q·k / √d` where the model has no other. */
export function scoresOfRow({ q, k, scores }: ShownHead, row: number): readonly number[] {
  if (scores) return scores[row];
  return k.map((key) => dot(q[row], key) / Math.sqrt(key.length));
}

/** The row that tells most: neither one word alone nor all alike, so its entropy is nearest to 1.6 bits. */
export function tellingRow(head: ShownHead): number {
  const distance = (row: number) => Math.abs(entropyBits(softmax(scoresOfRow(head, row))) - 1.6);
  return head.rows.reduce((best, _, row) => (distance(row) < distance(best) ? row : best), 0);
}

/** The kind of attention that is looked at in the other views, or else this one; of a model with one kind that. */
export function chosenKind(otherwise: Kind, model: ModelCard | undefined): Kind {
  if (model?.kinds.length === 1) return model.kinds[0];
  return model?.kinds.find((kind) => kind === selection.get().kind) ?? otherwise;
}

/** How the answer is searched for that is looked at in the other views. */
function searchFields(kind: Kind, model: ModelCard | undefined): Readonly<Record<string, string>> {
  if (kind === "enc" || model === undefined || model.task === "classify") return {};
  const { beam, lenPenalty, force } = questionOf(selection.get(), model) ?? {};
  return { beam: String(beam), lenPenalty: String(lenPenalty), ...(force?.length && { force: force.join(".") }) };
}

/** The head that a screen shows, of the loaded model where that is chosen and has it. */
export function useShownHead(screen: number, kind: Kind) {
  const { t } = useTranslation("lessons");
  const shownWord = useShownWord();
  const { model } = useStudio();
  const { layer, head, row, col } = selection.get();
  const single = kind === "align";
  const { numbers, problem, own } = useOwnNumbers<HeadNumbers>({
    screen,
    has: ({ arch, kinds }) => (single || arch === "transformer") && kinds.includes(kind),
    fields: {
      kind,
      l: single ? "0" : String(layer ?? 0),
      h: single ? "0" : String(head ?? 0),
      ...searchFields(kind, model),
    },
  });
  const shown: ShownHead = numbers
    ? {
        rows: numbers.rows.map(shownWord),
        cols: numbers.cols.map(shownWord),
        q: numbers.q,
        k: numbers.k,
        v: numbers.v,
        ...(single && { scores: numbers.qk }),
      }
    : tinyHead(single ? "enc" : kind, shownWord);
  const mine = single ? t("source.align") : numbers && t("source.mine", { l: numbers.l + 1, h: numbers.h + 1 });
  const source = numbers ? mine : t("source.tiny");
  return {
    head: shown,
    own,
    /** Whether it is the loaded model's. */
    mine: numbers !== undefined,
    source: problem ? t("source.failed") : (source ?? ""),
    /** The row and the column that are looked at in the other views. */
    chosenRow: numbers && row,
    chosenCol: numbers && col,
  };
}

function tinyHead(kind: Exclude<Kind, "align">, shownWord: (word: string) => string): ShownHead {
  const { source, read, written } = SHIPPED.head;
  const [rows, cols] = { enc: [source, source], dec: [read, read], cross: [written, source] }[kind];
  return { rows: rows.map(shownWord), cols: cols.map(shownWord), ...SHIPPED.head[kind] };
}
