import { useState } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "./announcer.tsx";

const COMMANDS = ["npx jumok demo", "npx jumok train data/small-talk.ko.tsv --studio"];

/** What to do where no model has been trained yet. */
export function NoModel() {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<string>();
  return (
    <section className="no-model">
      <svg viewBox="0 0 28 28" width="56" height="56" aria-hidden="true" className="brand">
        <g fill="none" strokeLinecap="round">
          <path d="M9 14C15 14 17 5 25 5" strokeWidth="1.6" />
          <path d="M9 14H25" strokeWidth="4.6" />
          <path d="M9 14C15 14 17 23 25 23" strokeWidth="2.6" />
        </g>
        <circle cx="8" cy="14" r="5.6" />
      </svg>
      <p>{t("state.noModel")}</p>
      <ul>
        {COMMANDS.map((command) => (
          <li key={command}>
            <code lang="en">{command}</code>
            <button
              type="button"
              className="button"
              onClick={async () => {
                await navigator.clipboard.writeText(command);
                setCopied(command);
                announce(t("state.copied"));
              }}
            >
              {copied === command ? t("state.copied") : t("state.copy")}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
