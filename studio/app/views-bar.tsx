import { useTranslation } from "react-i18next";
import { VIEWS, type View } from "./address.ts";
import { Icon } from "./icon.tsx";
import { addressOf, select, selection } from "./selection.ts";
import { useStore } from "./store.ts";
import { useStudio } from "./studio-context.tsx";

const ICONS: Readonly<Record<View, string>> = {
  talk: "M4 5h16v11H9l-4 4v-4H4z",
  attn: "M6 12C11 12 13 5 20 5M6 12H20M6 12C11 12 13 19 20 19",
  train: "M4 5v14h16M7 15l4-5 3 3 5-7",
  how: "M12 4a6 6 0 0 1 3.5 10.9V17h-7v-2.1A6 6 0 0 1 12 4zM9.5 20h5",
};

/** The views, four where there is a training to be seen: in the top bar, on phones at the bottom. */
export function ViewsBar() {
  const { t } = useTranslation();
  const { backend } = useStudio();
  const { view, hide } = useStore(selection);
  if (hide?.includes("nav")) return <span />;
  return (
    <nav className="views" aria-label={t("views.label")}>
      {VIEWS.filter((name) => name !== "train" || backend.offers.training !== "none").map((name) => (
        <a
          key={name}
          href={addressOf(name)}
          aria-current={name === view ? "page" : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            select({ view: name });
          }}
        >
          <Icon d={ICONS[name]} size={22} />
          {t(`views.${name}`)}
        </a>
      ))}
    </nav>
  );
}
