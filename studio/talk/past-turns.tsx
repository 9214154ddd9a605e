import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ModelCard } from "../../src/studio/wire.ts";
import { languageOf } from "../drawing/language-of.ts";
import { textOf } from "./answer.ts";
import type { Turn } from "./conversation.ts";

interface Props {
  readonly turns: readonly Turn[];
  readonly model: ModelCard;
  readonly disabled: boolean;
  readonly onOpen: (turn: Turn) => void;
  readonly onExample: (src: string) => void;
}

/** How many earlier turns are seen at once. */
const SEEN = 2;

/** What was said before, a line each; while there is nothing, examples to begin with. */
export function PastTurns({ turns, model, disabled, onOpen, onExample }: Props) {
  const { t } = useTranslation("talk");
  const [all, setAll] = useState(false);
  if (turns.length === 0) {
    return (
      <div className="examples">
        <span className="caption">{t("examples")}</span>
        {model.examples.slice(0, 3).map(({ id, src }) => (
          <button
            key={id}
            type="button"
            className="button"
            disabled={disabled}
            lang={languageOf(src)}
            onClick={() => onExample(src)}
          >
            {src}
          </button>
        ))}
      </div>
    );
  }
  const shown = all ? turns : turns.slice(-SEEN);
  return (
    <div className="past" data-all={all}>
      {turns.length > SEEN && (
        <button type="button" className="past-more" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("past.fewer") : t("past.all", { n: turns.length - SEEN })}
        </button>
      )}
      <ol>
        {shown.map((turn) => {
          const answered = textOf(turn.answer);
          return (
            <li key={turn.number}>
              <button type="button" disabled={disabled} onClick={() => onOpen(turn)}>
                <span lang={languageOf(turn.answer.request.src)}>{turn.answer.request.src}</span>
                <svg width="16" height="10" viewBox="0 0 16 10" aria-hidden="true">
                  <path d="M1 5h13M10 1l4 4-4 4" fill="none" stroke="currentColor" strokeWidth="1.5" />
                </svg>
                <strong lang={languageOf(answered)}>{answered}</strong>
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
