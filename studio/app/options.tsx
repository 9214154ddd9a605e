import { useTranslation } from "react-i18next";
import { Icon } from "./icon.tsx";
import { chooseLanguage } from "./language.ts";
import { useStore } from "./store.ts";
import { chooseTheme, theme } from "./theme.ts";

const MOON = "M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5z";
const SUN =
  "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M18.4 5.6L17 7M7 17l-1.4 1.4";

/** The other language and the other theme. */
export function Options() {
  const { t, i18n } = useTranslation();
  const now = useStore(theme);
  const other = now === "light" ? "dark" : "light";
  const language = i18n.language === "ko" ? "en" : "ko";
  return (
    <div className="top-end">
      <button
        type="button"
        className="option"
        lang={language}
        aria-label={t("language.switch")}
        onClick={() => chooseLanguage(language)}
      >
        {t("language.short")}
      </button>
      <button
        type="button"
        className="option icon"
        aria-label={t(`theme.${other}`)}
        title={t(`theme.${other}`)}
        onClick={() => chooseTheme(other)}
      >
        <Icon d={now === "light" ? MOON : SUN} size={18} />
      </button>
    </div>
  );
}
