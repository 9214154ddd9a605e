import { useTranslation } from "react-i18next";
import type { NBest } from "../../src/studio/wire.ts";
import { languageOf } from "../drawing/language-of.ts";
import { signed } from "../drawing/numbers.ts";

interface Props {
  readonly sentences: readonly NBest[];
  /** The text that is on the stage. */
  readonly shown: string;
  readonly disabled: boolean;
  readonly onChoose: (sentence: NBest) => void;
}

/** The sentences that the search found, by what it ranked them by; one that is pressed comes onto the stage. */
export function NBestList({ sentences, shown, disabled, onChoose }: Props) {
  const { t } = useTranslation("talk");
  return (
    <ol className="n-best num">
      {sentences.map((sentence, index) => (
        <li key={sentence.node || index}>
          <button
            type="button"
            disabled={disabled}
            aria-current={sentence.text === shown ? "true" : undefined}
            title={t("nbest.show")}
            onClick={() => onChoose(sentence)}
          >
            <span>{index + 1}</span>
            <span lang={languageOf(sentence.text)}>{sentence.text}</span>
            <span className="bar">
              <i style={{ width: `${100 * Math.min(1, Math.exp(sentence.score))}%` }} />
            </span>
            <span>{signed(sentence.score)}</span>
          </button>
        </li>
      ))}
    </ol>
  );
}
