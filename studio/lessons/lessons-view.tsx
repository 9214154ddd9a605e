import { useTranslation } from "react-i18next";

/** The ideas behind it, a screen each. */
export function LessonsView() {
  const { t } = useTranslation();
  return <p className="failure">{t("soon")}</p>;
}
