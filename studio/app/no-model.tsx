import { useState } from "react";
import { useTranslation } from "react-i18next";
import { announce } from "./announcer.tsx";
import { Mark } from "./mark.tsx";

const COMMANDS = ["npx jumok demo", "npx jumok train data/small-talk.ko.tsv --studio"];

/** What to do where no model has been trained yet. */
export function NoModel() {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<string>();
  return (
    <section className="instead no-model">
      <Mark size={56} />
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
