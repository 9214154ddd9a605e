import { useCallback, useEffect, useRef, useState } from "react";
import type { Address } from "../app/address.ts";
import { select } from "../app/selection.ts";
import type { Picture } from "./written-words.ts";

/** A word that is looked at closer: one that was written, or one of the source. */
export interface Focus {
  readonly axis: "written" | "source";
  readonly index: number;
}

/** How long a pointer rests on a word before it counts, in milliseconds. */
const REST = 80;

/** The word that the address pins, if the answer has it. */
export function pinnedIn({ row, col, kind, unit }: Address, { source, written }: Picture): Focus | undefined {
  if (kind === "enc" || kind === "dec") return undefined;
  const wordAt = (words: Picture["source"], index: number | undefined) =>
    unit === "piece" ? words.findIndex(({ pieces }) => index !== undefined && pieces.includes(index)) : (index ?? -1);
  const writtenAt = wordAt(written, row);
  if (written[writtenAt]) return { axis: "written", index: writtenAt };
  const sourceAt = wordAt(source, col);
  return source[sourceAt] && row === undefined ? { axis: "source", index: sourceAt } : undefined;
}

/** Pins a word in the address, or none. */
export function pin(focus: Focus | undefined): void {
  const at = (axis: Focus["axis"]) => (focus?.axis === axis ? focus.index : undefined);
  select({ row: at("written"), col: at("source"), unit: focus && "word", kind: undefined });
}

export interface Peek {
  readonly focus: Focus | undefined;
  /** Looks at a word, or at none: of pointers after a short rest, of keys at once. */
  readonly rest: (focus: Focus | undefined) => void;
  readonly now: (focus: Focus | undefined) => void;
}

/** The word that a pointer or the keyboard is at. */
export function usePeek(): Peek {
  const [focus, setFocus] = useState<Focus>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const now = useCallback((wanted: Focus | undefined) => {
    clearTimeout(timer.current);
    setFocus(wanted);
  }, []);
  const rest = useCallback((wanted: Focus | undefined) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setFocus(wanted), REST);
  }, []);
  return { focus, rest, now };
}
