import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
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

/** Occlusion of the pinned row where rows are words that were written; elsewhere where it can be seen. */
export function OcclusionPane({ answer, pieces, looked, pinned, again }: Props) {
  const { t } = useTranslation("attention");
  if (looked.kind !== "cross" && looked.kind !== "align") return <Pane>{t("occlusion.elsewhere")}</Pane>;
  const { tokens } = pieces.queries;
  const token = !pinned ? undefined : looked.words ? tokens.findIndex(({ word }) => word === pinned.row) : pinned.row;
  const shares = token === undefined || !tokens[token] ? [] : sharesOfWords(pieces, token);
  const words = pieces.keys.words.flatMap((text, number) => {
    const special = pieces.keys.tokens.find(({ word }) => word === number)?.special;
    return special ? [] : [{ number, text, share: shares[number] ?? 0 }];
  });
  return (
    <Occlusion
      att={answer.att}
      token={token}
      asker={token === undefined ? undefined : tokens[token]?.text}
      words={words}
      answer={answer.text}
      again={again}
    />
  );
}
