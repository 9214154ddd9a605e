import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import { select } from "../app/selection.ts";
import { useStore } from "../app/store.ts";
import { useModel } from "../app/studio-context.tsx";
import { theme as themes } from "../app/theme.ts";
import type { HeadPlace } from "../talk/chosen-heads.ts";
import { HeadGrid } from "./head-grid.tsx";
import { isVeryLong, type LookedAt } from "./looked-at.ts";
import type { AttentionPacket } from "./packet.ts";
import type { Place } from "./reading.ts";
import type { Shades } from "./shades.ts";
import { Unrolled } from "./unrolled.tsx";

interface Props {
  readonly packet: AttentionPacket;
  readonly shown: AttentionView;
  readonly looked: LookedAt;
  readonly shades: Shades;
  readonly pinned: Place | undefined;
  readonly pin: (place: Place | undefined) => void;
  readonly choose: (place: HeadPlace) => void;
  readonly add: (place: HeadPlace) => void;
}

/** All layers and heads; of a model with one look a step, the network itself. */
export function OverviewPane({ packet, shown, looked, shades, pinned, pin, choose, add }: Props) {
  const { t } = useTranslation("attention");
  const { model } = useModel();
  const theme = useStore(themes);
  const [several, setSeveral] = useState(false);
  const { layers, heads } = packet.header;
  const [all, setAll] = useState(false);
  const meansOnly = isVeryLong(packet) && heads > 1 && !all && looked.aggregate !== "one";
  if (looked.kind === "align") {
    return (
      <section className="card pane overview" aria-label={t(model.arch === "bag" ? "kinds.pool" : "overview.unrolled")}>
        <h2>{t(model.arch === "bag" ? "kinds.pool" : "overview.unrolled")}</h2>
        <Unrolled view={shown} arch={model.arch} shades={shades} pinned={pinned} pin={pin} />
      </section>
    );
  }
  return (
    <section className="card pane overview" aria-label={t("overview.title")}>
      <h2>
        {t("overview.title")}
        {layers * heads > 1 && (
          <button
            type="button"
            className="text-button"
            aria-pressed={several || looked.others.length > 0}
            onClick={() => {
              if (several || looked.others.length > 0) select({ others: undefined, aggregate: "one" });
              setSeveral(!(several || looked.others.length > 0));
            }}
          >
            {t("overview.several")}
          </button>
        )}
      </h2>
      {meansOnly ? (
        <p className="note-text">
          {t("overview.means")}{" "}
          <button type="button" className="button" onClick={() => setAll(true)}>
            {t("overview.all")}
          </button>
        </p>
      ) : (
        <HeadGrid
          packet={packet}
          task={model.task}
          theme={theme}
          chosen={looked}
          others={looked.others}
          choose={several ? add : choose}
          add={add}
        />
      )}
    </section>
  );
}
