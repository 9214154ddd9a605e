import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { SpecialTok } from "../../src/studio/wire.ts";

/** How a word or piece is shown: its text, or what it does in the language of the page. */
export function useWordNames(): (word: { text: string; special?: SpecialTok }) => string {
  const { t } = useTranslation();
  return useCallback(({ text, special }) => (special ? t(`words.${special}`) : text), [t]);
}
