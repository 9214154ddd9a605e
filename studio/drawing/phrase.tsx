import type { ReactNode } from "react";

interface Props {
  readonly role: "asker" | "seen";
  readonly lang?: string;
  readonly children: ReactNode;
}

/**
 * A word of a text inside a sentence, in quotes and in the colour of its part. A Korean particle after it goes into one
 * `<nowrap>` with it, and is one that never changes with the word.
 */
export function Quoted({ role, lang, children }: Props) {
  return (
    <span className={role}>
      ‘<span lang={lang}>{children}</span>’
    </span>
  );
}

/** What stays on one line. */
export function NoWrap({ children }: { readonly children?: ReactNode }) {
  return <span className="nowrap">{children}</span>;
}
