import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Kind, ModelCard } from "../../src/studio/wire.ts";
import { select } from "../app/selection.ts";
import type { LookedAt } from "./looked-at.ts";
import { Segmented } from "./segmented.tsx";

interface Props {
  readonly model: ModelCard;
  readonly looked: LookedAt;
  /** Whether any word has several pieces. */
  readonly merges: boolean;
  readonly chooseUnit: (unit: "piece" | "word") => void;
  readonly children: ReactNode;
}

const AGGREGATES = ["one", "mean", "max", "roll"] as const;

/** What is looked at: the kind of attention, pieces or words, and one head or something made of several. */
export function Tools({ model, looked, merges, chooseUnit, children }: Props) {
  const { t } = useTranslation("attention");
  const { kind, aggregate, words } = looked;
  const nameOf = (kind: Kind) => t(kind === "align" && model.task === "classify" ? "kinds.pool" : `kinds.${kind}`);
  return (
    <div className="attention-tools">
      {model.kinds.length > 1 && (
        <Segmented
          label={t("kinds.label")}
          choices={model.kinds.map((kind) => [kind, nameOf(kind)] as const)}
          chosen={kind}
          choose={(kind) => select({ kind, row: undefined, col: undefined, others: undefined, head: undefined })}
        />
      )}
      {merges && (
        <Segmented
          label={t("units.label")}
          choices={[
            ["piece", t("units.piece")],
            ["word", t("units.word")],
          ]}
          chosen={words ? "word" : "piece"}
          choose={chooseUnit}
        />
      )}
      {kind !== "align" && (
        <Segmented
          label={t("aggregates.label")}
          choices={AGGREGATES.map((each) => [each, t(`aggregates.${each}`)] as const)}
          chosen={aggregate}
          choose={(aggregate) => select({ aggregate })}
        />
      )}
      {children}
    </div>
  );
}
