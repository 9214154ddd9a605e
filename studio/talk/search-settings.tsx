import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

interface Props {
  readonly beam: number;
  readonly lenPenalty: number;
  readonly disabled: boolean;
  readonly onChange: (search: { beam: number; lenPenalty: number }) => void;
}

/** How wide the search is and how it weighs length; the answer on the stage is searched for again when they change. */
export function SearchSettings({ beam, lenPenalty, disabled, onChange }: Props) {
  const { t } = useTranslation("talk");
  const [draft, setDraft] = useState({ beam, lenPenalty });
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => setDraft({ beam, lenPenalty }), [beam, lenPenalty]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (part: Partial<typeof draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => onChange(next), 400);
  };
  return (
    <fieldset className="settings num" disabled={disabled}>
      <legend className="unseen">{t("search.label")}</legend>
      <label>
        <span>{t("search.beam", { n: draft.beam })}</span>
        <input
          type="range"
          min="1"
          max="8"
          value={draft.beam}
          onChange={(event) => change({ beam: event.target.valueAsNumber })}
        />
      </label>
      <label>
        <span>{t("search.penalty", { n: draft.lenPenalty })}</span>
        <input
          type="range"
          min="0"
          max="1.5"
          step="0.1"
          value={draft.lenPenalty}
          disabled={draft.beam === 1}
          onChange={(event) => change({ lenPenalty: Math.round(10 * event.target.valueAsNumber) / 10 })}
        />
      </label>
    </fieldset>
  );
}
