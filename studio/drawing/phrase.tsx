import type { ReactNode } from "react";
import { languageOf } from "./language-of.ts";

interface Props {
  readonly role: "asker" | "seen";
  readonly text: string;
}

/**
 * A word of a text inside a sentence, in quotes and in the colour of its part. A Korean particle after it goes into one
 * `<nowrap>` with it, and is one that never changes with the word.
 */
export function Quoted({ role, text }: Props) {
  return (
    <span className={role}>
      ‘<span lang={languageOf(text)}>{text}</span>’
    </span>
  );
}

/** A figure inside a sentence. */
export function Figure({ text, strong = false }: { readonly text: string; readonly strong?: boolean }) {
  return strong ? <b className="num">{text}</b> : <span className="num">{text}</span>;
}

/** What stays on one line. */
export function NoWrap({ children }: { readonly children?: ReactNode }) {
  return <span className="nowrap">{children}</span>;
}
