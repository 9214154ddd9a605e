import { useTranslation } from "react-i18next";
import type { BackendError } from "../backend/backend-error.ts";

/** Why the model of this page could not be opened. */
export function NotOpened({ error }: { readonly error: BackendError }) {
  const { t, i18n } = useTranslation();
  return (
    <section className="failure" role="alert">
      <p>{t("state.notOpened")}</p>
      <p className="caption">{error.texts[i18n.language === "ko" ? "ko" : "en"]}</p>
      <button type="button" className="button" onClick={() => window.location.reload()}>
        {t("state.reload")}
      </button>
    </section>
  );
}
