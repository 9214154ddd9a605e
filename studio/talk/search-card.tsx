import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { NBest } from "../../src/studio/wire.ts";
import { type Answer, textOf } from "./answer.ts";
import { BeamTree } from "./beam-tree.tsx";
import { NBestList } from "./n-best.tsx";

interface Props {
  /** The answer on the stage, and the one whose search is shown. */
  readonly answer: Answer;
  readonly search: Answer;
  readonly marked: readonly number[];
  readonly disabled: boolean;
  readonly onChoose: (sentence: NBest) => void;
}

/** How the answer was found: as a tree, or as the sentences at its ends. */
export function SearchCard({ answer, search, marked, disabled, onChoose }: Props) {
  const { t } = useTranslation("talk");
  const [shown, setShown] = useState<"tree" | "nbest">("tree");
  return (
    <section className="card search" aria-label={t("search.found")}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is sent */}
      <div className="segmented" role="group" aria-label={t("search.found")}>
        <button type="button" aria-pressed={shown === "tree"} onClick={() => setShown("tree")}>
          {t("beamTree")}
        </button>
        <button type="button" aria-pressed={shown === "nbest"} onClick={() => setShown("nbest")}>
          {t("nBest")}
        </button>
      </div>
      {shown === "tree" ? (
        <BeamTree steps={search.steps} nbest={search.done?.nbest} marked={answer === search ? marked : []} />
      ) : (
        <NBestList
          sentences={search.done?.nbest ?? []}
          shown={textOf(answer)}
          disabled={disabled}
          onChoose={onChoose}
        />
      )}
    </section>
  );
}
