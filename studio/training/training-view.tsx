import { useTranslation } from "react-i18next";

/** A run as it goes: losses, answers and attention over time. */
export function TrainingView() {
  const { t } = useTranslation();
  return <p className="failure">{t("soon")}</p>;
}
