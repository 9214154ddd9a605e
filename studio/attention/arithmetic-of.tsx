import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import { formatAddress } from "../app/address.ts";
import { select, selection } from "../app/selection.ts";
import type { HeadPlace } from "../talk/chosen-heads.ts";
import { CellSteps } from "./cell-steps.tsx";
import { HeadShares } from "./head-shares.tsx";
import { lessonOf } from "./lesson-of.ts";
import type { LookedAt } from "./looked-at.ts";
import { MergedPieces } from "./merged-pieces.tsx";
import { type Place, weightAt } from "./reading.ts";
import type { Shades } from "./shades.ts";
import { useCell } from "./use-cell.ts";

interface Props {
  readonly att: string;
  readonly shown: AttentionView;
  readonly pieces: AttentionView;
  readonly heads: readonly AttentionView[];
  readonly looked: LookedAt;
  readonly place: Place;
  readonly shades: Shades;
  readonly choose: (head: HeadPlace) => void;
  readonly openPiece: (piece: Place) => void;
  /** Asks for the answer once more, when its attention is not kept any longer. */
  readonly again: () => void;
}

/** How a cell came about: of one head its steps, of several what each has there, of words their pieces. */
export function ArithmeticOf(props: Props) {
  const { t } = useTranslation("attention");
  const { shown, pieces, heads, looked, place, shades, choose, openPiece } = props;
  const weight = weightAt(shown, place);
  if (looked.aggregate === "roll") return <p className="note-text">{t("arithmetic.rolled")}</p>;
  if (looked.aggregate !== "one") {
    return <HeadShares heads={heads} place={place} how={looked.aggregate} weight={weight} open={choose} />;
  }
  if (looked.words) {
    return <MergedPieces pieces={pieces} words={place} weight={weight} shades={shades} open={openPiece} />;
  }
  return <Steps {...props} />;
}

function Steps({ att, shown, looked, place, shades, again }: Props) {
  const { t } = useTranslation("attention");
  const { kind, layer: l, head: h } = looked;
  const loaded = useCell({ att, kind, l, h, i: place.row, j: place.col }, again);
  if (!loaded) return null;
  if (!loaded.cell) return <p className="note-text">{t("arithmetic.failed")}</p>;
  // The cell before stays until the next is there, so that nothing jumps; its words are its own.
  const of = { row: loaded.of.i, col: loaded.of.j };
  const asker = shown.queries.tokens[of.row]?.text;
  const seen = shown.keys.tokens[of.col]?.text;
  if (loaded.of.kind !== kind || asker === undefined || seen === undefined) return null;
  if (loaded.cell.row.length !== shown.keys.tokens.length) return null;
  const lesson = lessonOf(kind, loaded.cell.mask);
  const idea = { view: "how", lesson, kind, layer: l, head: h, ...of } as const;
  return (
    <>
      <CellSteps
        cell={loaded.cell}
        kind={shown.kind}
        place={of}
        asker={asker}
        seen={seen}
        keys={shown.keys.tokens}
        shades={shades}
      />
      <a
        className="button learn"
        href={formatAddress({ ...selection.get(), ...idea })}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          select(idea);
        }}
      >
        {t("arithmetic.learn")}
      </a>
    </>
  );
}
