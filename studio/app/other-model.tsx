import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ModelCard } from "../../src/studio/wire.ts";
import { select, selection } from "./selection.ts";
import { useStore } from "./store.ts";

/** Keeps the model in the address, and says so where an address is of another model than the one that answers. */
export function OtherModel({ card }: { readonly card: ModelCard }) {
  const { t } = useTranslation();
  const { model } = useStore(selection);
  const before = useRef<string>(undefined);
  useEffect(() => {
    // What was looked at with the model that this one took the place of is looked at with this one from now on.
    if (model === undefined || model === before.current) select({ model: card.id });
    before.current = card.id;
  }, [card.id, model]);
  if (model === undefined || model === card.id || model === before.current) return null;
  return (
    <p className="notice">
      {t("state.otherModel", { asked: model, name: card.name })}{" "}
      <button type="button" className="button" onClick={() => select({ model: card.id })}>
        {t("state.understood")}
      </button>
    </p>
  );
}
