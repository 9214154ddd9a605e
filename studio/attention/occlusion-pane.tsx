import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import { useModel } from "../app/studio-context.tsx";
import { type LookedAt, sharesOfWords } from "./looked-at.ts";
import { Occlusion, Pane } from "./occlusion.tsx";
import type { Place } from "./reading.ts";
import type { Answer } from "./use-answer.ts";

interface Props {
  readonly answer: Answer;
  readonly pieces: AttentionView;
  readonly looked: LookedAt;
  readonly pinned: Place | undefined;
  readonly again: () => void;
}

/** Occlusion of a verdict, or of the pinned row where rows are words that were written; elsewhere where it can be seen. */
export function OcclusionPane({ answer, pieces, looked, pinned, again }: Props) {
  const { t } = useTranslation("attention");
  const { model } = useModel();
  // A classifier whose rows are its text has no row for the verdict: its words are looked at by all rows.
  const judges = model.task === "classify" && looked.kind === "enc";
  if (!judges && looked.kind !== "cross" && looked.kind !== "align") return <Pane>{t("occlusion.elsewhere")}</Pane>;
  const { tokens, words: texts } = pieces.queries;
  const rows = tokens.flatMap(({ word, padding }, row) => {
    const wanted = judges ? !padding : (looked.words ? word : row) === pinned?.row;
    return wanted ? [row] : [];
  });
  const shares = sharesOfWords(pieces, rows);
  const words = pieces.keys.words.flatMap((text, number) => {
    const special = pieces.keys.tokens.find(({ word }) => word === number)?.special;
    return special ? [] : [{ number, text, share: shares[number] ?? 0 }];
  });
  const rowText = looked.words ? texts[pinned?.row ?? 0] : tokens[rows[0]]?.text;
  return (
    <Occlusion
      att={answer.att}
      tokens={judges ? VERDICT : rows}
      asker={judges ? answer.text : rowText}
      words={words}
      answer={answer.text}
      again={again}
    />
  );
}

/** What a classifier writes. */
const VERDICT = [0];
