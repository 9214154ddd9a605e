import { Trans } from "react-i18next";
import { wholePercent } from "../drawing/numbers.ts";
import { Figure, NoWrap, Quoted } from "../drawing/phrase.tsx";

/** A share and whose it is. */
export interface Share {
  readonly text: string;
  readonly share: number;
}

interface Props {
  /** `received`, `receivedBy`: of a verdict that no row of the attention stands for, so it is the mean of all. */
  readonly about: "row" | "verdict" | "received" | "column" | "receivedBy";
  /** The word that is looked at closer. */
  readonly word: string;
  /** Of a row what it looks at, of a column what looks at it; the largest first. */
  readonly shares: readonly Share[];
}

/** One sentence that says what the picture shows, from its numbers. */
export function Says({ about, word, shares }: Props) {
  const [first, second] = shares;
  if (!first) return null;
  const ofColumn = about === "column" || about === "receivedBy";
  const [own, other] = ofColumn ? (["seen", "asker"] as const) : (["asker", "seen"] as const);
  const parts = {
    word: <Quoted role={own} text={word} />,
    share: <Figure text={wholePercent(first.share)} strong />,
    other: <Quoted role={other} text={first.text} />,
    nowrap: <NoWrap />,
  };
  if (ofColumn) return <Trans ns="talk" i18nKey={`says.${about}`} components={parts} />;
  if (!second || second.share < 0.005) return <Trans ns="talk" i18nKey={`says.${about}One`} components={parts} />;
  const both = {
    ...parts,
    share2: <Figure text={wholePercent(second.share)} />,
    other2: <Quoted role={other} text={second.text} />,
  };
  return <Trans ns="talk" i18nKey={`says.${about}`} components={both} />;
}
