import { useState } from "react";
import { useTranslation } from "react-i18next";
import { canBeToken, token, tryToken } from "./access.ts";

/** Asks for the token of a server that wants one, and says so when the one that was given is another. */
export function Unlock() {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [unfit, setUnfit] = useState(false);
  const wrong = unfit || token.get() !== undefined;
  return (
    <form
      className="unlock"
      onSubmit={(event) => {
        event.preventDefault();
        const given = text.trim();
        if (given === "") return;
        if (canBeToken(given)) tryToken(given);
        else setUnfit(true);
      }}
    >
      <label htmlFor="token">{t("token.label")}</label>
      <p className="caption">{t("token.hint")}</p>
      <div className="unlock-field">
        <input
          id="token"
          type="password"
          autoComplete="off"
          spellCheck={false}
          // biome-ignore lint/a11y/noAutofocus: nothing else is here to be done
          autoFocus
          aria-invalid={wrong}
          aria-describedby={wrong ? "token-wrong" : undefined}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button">
          {t("token.open")}
        </button>
      </div>
      {wrong && (
        <p id="token-wrong" className="unlock-wrong" role="alert">
          {t("token.wrong")}
        </p>
      )}
    </form>
  );
}
