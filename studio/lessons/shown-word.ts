import { useTranslation } from "react-i18next";
import type { SpecialTok, Tok } from "../../src/studio/wire.ts";

const SPECIAL: Readonly<Record<string, SpecialTok>> = {
  "<start>": "bos",
  "<end>": "eos",
  "<pad>": "pad",
};

/** How a word of a tiny model, or a token of the loaded one, is written: what is no text by its name. */
export function useShownWord() {
  const { t } = useTranslation("app");
  return (word: string | Pick<Tok, "t" | "sp">): string => {
    const special = typeof word === "string" ? SPECIAL[word] : word.sp;
    if (special) return t(`words.${special}`);
    return typeof word === "string" ? word : word.t;
  };
}
