import { useTranslation } from "react-i18next";

/** All layers and heads of an answer, and how one cell came about. */
export function AttentionView() {
  const { t } = useTranslation();
  return <p className="failure">{t("soon")}</p>;
}
