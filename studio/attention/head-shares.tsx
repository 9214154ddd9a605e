import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import { percent } from "../drawing/numbers.ts";
import type { HeadPlace } from "../talk/chosen-heads.ts";
import { type Place, weightAt } from "./reading.ts";

interface Props {
  /** The heads that went into the map. */
  readonly heads: readonly AttentionView[];
  readonly place: Place;
  readonly how: "mean" | "max";
  readonly weight: number;
  readonly open: (head: HeadPlace) => void;
}

/** A cell of several heads: what each head has there, and what they make together. */
export function HeadShares({ heads, place, how, weight, open }: Props) {
  const { t } = useTranslation("attention");
  const most = Math.max(...heads.map((view) => weightAt(view, place)));
  return (
    <>
      <p className="note-text">{t(how === "mean" ? "arithmetic.means" : "arithmetic.most", { n: heads.length })}</p>
      <ul className="head-shares num">
        {heads.map((view) => {
          const [layer, head] = [view.layer, Number(view.head)];
          const share = weightAt(view, place);
          const lit = how === "mean" || share === most;
          return (
            <li key={`${layer}.${head}`}>
              <button
                type="button"
                aria-label={t("arithmetic.open-head", { layer: layer + 1, head: head + 1, share: percent(share) })}
                onClick={() => open({ layer, head })}
              >
                <span>{t("lines.head", { layer: layer + 1, head: head + 1 })}</span>
                <span className="share-track">
                  <span className={lit ? "share-bar" : "share-bar pale"} style={{ width: `${100 * share}%` }} />
                </span>
                <span>{percent(share)}</span>
              </button>
            </li>
          );
        })}
      </ul>
      <p className="shares-sum num">
        <small>{t(how === "mean" ? "aggregates.mean" : "aggregates.max")}</small>{" "}
        <b className="seen">{percent(weight)}</b>
      </p>
    </>
  );
}
