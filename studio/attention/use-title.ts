import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import type { LookedAt } from "./looked-at.ts";

/** What a map is called, and how it is read. */
export function useTitle(
  view: AttentionView,
  { layer, head, aggregate, others, kind }: LookedAt,
  phone: boolean,
): { readonly title: string; readonly hint: string } {
  const { t } = useTranslation("attention");
  const row = t(phone ? "hints.rowShort" : "hints.row");
  if (view.kind === "pooling") return { title: t("title.pool"), hint: t("hints.pool") };
  if (view.kind === "alignment") return { title: t("title.align"), hint: row };
  if (aggregate === "mean" && others.length > 0) {
    return { title: t("title.several", { n: others.length + 1 }), hint: row };
  }
  const title = t(`title.${aggregate}`, { layer: layer + 1, head: head + 1, n: view.of });
  if (aggregate === "max") return { title, hint: view.of > 1 ? t("hints.max") : row };
  if (aggregate === "roll") return { title, hint: t(kind === "cross" ? "hints.rollCross" : "hints.roll") };
  return { title, hint: row };
}
