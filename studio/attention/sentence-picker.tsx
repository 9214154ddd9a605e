import { useState } from "react";
import { useTranslation } from "react-i18next";
import { askingFor } from "../app/question.ts";
import { select } from "../app/selection.ts";
import { useModel } from "../app/studio-context.tsx";
import { Popover } from "./popover.tsx";

interface Props {
  readonly text: string | undefined;
}

/** The sentence that is looked at; pressed, the examples and a line for one's own. */
export function SentencePicker({ text }: Props) {
  const { model, there } = useModel();
  const { examples } = model;
  const { t } = useTranslation("attention");
  const [own, setOwn] = useState("");
  return (
    <Popover
      className="sentence-picker"
      button={<span className="sentence-text">{text ?? t("sentence.none")}</span>}
      disabled={!there}
      label={text === undefined ? undefined : `${t("sentence.title")}: ${text}`}
    >
      {(close) => (
        <>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              const typed = own.trim();
              if (!typed) return;
              select(askingFor(typed, model));
              close();
            }}
          >
            <input
              aria-label={t("sentence.own")}
              placeholder={t("sentence.own")}
              value={own}
              onChange={(event) => setOwn(event.target.value)}
              onKeyDown={(event) => {
                // The Enter that ends composing a syllable sends nothing.
                if (event.key === "Enter" && (event.nativeEvent.isComposing || event.keyCode === 229)) {
                  event.preventDefault();
                }
              }}
            />
            <button type="submit" className="button">
              {t("sentence.show")}
            </button>
          </form>
          {examples.length > 0 && (
            <>
              <h3 className="caption">{t("sentence.examples")}</h3>
              <ul>
                {examples.map(({ id, src }) => (
                  <li key={id}>
                    <button
                      type="button"
                      aria-pressed={src === text}
                      onClick={() => {
                        select(askingFor(src, model));
                        close();
                      }}
                    >
                      {src}
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </Popover>
  );
}
