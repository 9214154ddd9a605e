import { useTranslation } from "react-i18next";
import type { Progress } from "../backend/backend.ts";
import { Mark } from "./mark.tsx";
import { type Store, useStore } from "./store.ts";

/** A model on its way into the page: how much of it has come. */
export function Loading({ progress }: { readonly progress: Store<Progress> }) {
  const { t } = useTranslation();
  const { loaded, total } = useStore(progress);
  const [now, all] = [loaded, total].map((bytes) => (bytes / 1e6).toFixed(1));
  return (
    <section className="instead loading" aria-busy="true">
      <Mark size={56} />
      <p>{loaded < total ? t("state.loading") : t("state.preparing")}</p>
      <progress value={loaded} max={total} aria-label={t("state.loading")} />
      <p className="caption num">{t("state.loaded", { now, all })}</p>
      <p className="caption">{t("state.stays")}</p>
    </section>
  );
}
