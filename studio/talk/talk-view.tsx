import { useTranslation } from "react-i18next";

/** The conversation, and what each word of an answer looked at. */
export function TalkView() {
  const { t } = useTranslation();
  return <p className="failure">{t("soon")}</p>;
}
