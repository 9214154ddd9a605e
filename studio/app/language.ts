import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import type { Language } from "../../src/explain/wording.ts";
import en from "../locales/en/app.json" with { type: "json" };
import ko from "../locales/ko/app.json" with { type: "json" };
import { remember, remembered } from "./remembered.ts";

function firstLanguage(): Language {
  const chosen = remembered("language");
  if (chosen === "ko" || chosen === "en") return chosen;
  return navigator.language.startsWith("ko") ? "ko" : "en";
}

i18next.on("languageChanged", (language) => {
  document.documentElement.lang = language;
});

await i18next.use(initReactI18next).init({
  lng: firstLanguage(),
  supportedLngs: ["ko", "en"],
  fallbackLng: false,
  defaultNS: "app",
  resources: { ko: { app: ko }, en: { app: en } },
  // React escapes what it draws.
  interpolation: { escapeValue: false },
});

/** The words of a view, in both languages: a view adds its own when it is loaded. */
export function addWords(namespace: string, words: Readonly<Record<Language, object>>): void {
  for (const [language, texts] of Object.entries(words)) i18next.addResourceBundle(language, namespace, texts);
}

export function chooseLanguage(language: Language): void {
  remember("language", language);
  void i18next.changeLanguage(language);
}
