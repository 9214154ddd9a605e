import { useTranslation } from "react-i18next";
import type { Progress } from "../backend/backend.ts";
import { type Store, useStore } from "./store.ts";

/** A model on its way into the page: how much of it has come. */
export function Loading({ progress }: { readonly progress: Store<Progress> }) {
  const { t } = useTranslation();
  const { loaded, total } = useStore(progress);
  const [now, all] = [loaded, total].map((bytes) => (bytes / 1e6).toFixed(1));
  return (
    <section className="loading" aria-busy="true">
      <svg viewBox="0 0 28 28" width="56" height="56" aria-hidden="true" className="brand">
        <g fill="none" strokeLinecap="round">
          <path d="M9 14C15 14 17 5 25 5" strokeWidth="1.6" />
          <path d="M9 14H25" strokeWidth="4.6" />
          <path d="M9 14C15 14 17 23 25 23" strokeWidth="2.6" />
        </g>
        <circle cx="8" cy="14" r="5.6" />
      </svg>
      <p>{loaded < total ? t("state.loading") : t("state.preparing")}</p>
      <progress value={loaded} max={total} aria-label={t("state.loading")} />
      <p className="caption num">{t("state.loaded", { now, all })}</p>
      <p className="caption">{t("state.stays")}</p>
    </section>
  );
}
