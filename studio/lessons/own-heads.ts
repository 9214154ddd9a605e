import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { HeadNumbers } from "../../src/studio/lesson-wire.ts";
import { useStudio } from "../app/studio-context.tsx";
import { shownText, useOwnNumbers } from "./own-numbers.ts";
import { useShownWord } from "./shown-word.ts";

/** The most heads of the loaded model that are drawn together. */
const MOST = 8;

/** What the heads of the loaded model's last layer look at while it writes its first word, where that is chosen. */
export function useOwnHeads() {
  const { t } = useTranslation("lessons");
  const { backend, model } = useStudio();
  const shownWord = useShownWord();
  const layer = String((model?.layers ?? 1) - 1);
  const { numbers, problem, own } = useOwnNumbers<HeadNumbers>({
    screen: 6,
    has: ({ arch, heads, kinds }) => arch === "transformer" && heads > 1 && kinds.includes("cross"),
    fields: { kind: "cross", l: layer, h: "0" },
  });
  const [others, setOthers] = useState<readonly HeadNumbers[]>();
  useEffect(() => {
    setOthers(undefined);
    if (!numbers || !model) return;
    const control = new AbortController();
    const asked = Array.from({ length: Math.min(MOST, model.heads) - 1 }, (_, i) =>
      backend.lesson(6, { src: shownText(model), kind: "cross", l: layer, h: String(i + 1) }, control.signal),
    );
    Promise.all(asked).then(
      (answers) => setOthers(answers as HeadNumbers[]),
      () => {},
    );
    return () => control.abort();
  }, [backend, layer, model, numbers]);
  const ready = numbers && others;
  return {
    own,
    heads: ready && [numbers, ...others].map(({ w }) => [...w[0]]),
    words: ready && numbers.cols.map(shownWord),
    asker: ready && shownWord(numbers.rows[0]),
    dHead: ready && numbers.d,
    source: problem ? t("source.failed") : ready ? t("source.heads", { l: numbers.l + 1 }) : t("source.tiny"),
  };
}
