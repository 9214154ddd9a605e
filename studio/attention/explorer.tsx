import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import { usePhone } from "../app/media.ts";
import { select, selection } from "../app/selection.ts";
import { Store, useStore } from "../app/store.ts";
import { useModel } from "../app/studio-context.tsx";
import { theme as themes } from "../app/theme.ts";
import type { HeadPlace } from "../talk/chosen-heads.ts";
import { Arithmetic, openArithmetic } from "./arithmetic.tsx";
import { ArithmeticOf } from "./arithmetic-of.tsx";
import { explainAll } from "./explain-all.ts";
import { ExportMenu } from "./export-menu.tsx";
import { keptWeights, type LinkChoice, linksAsked } from "./lines.ts";
import { lookedAt, placeInUnit } from "./looked-at.ts";
import { MapPane } from "./map-pane.tsx";
import { OcclusionPane } from "./occlusion-pane.tsx";
import { OverviewPane } from "./overview-pane.tsx";
import type { AttentionPacket } from "./packet.ts";
import { type Place, placeAsked, strongest } from "./reading.ts";
import { SentencePicker } from "./sentence-picker.tsx";
import { shadesOf } from "./shades.ts";
import { Tools } from "./tools.tsx";
import type { Answer } from "./use-answer.ts";
import { useShortCell } from "./use-short-cell.ts";
import { useViews } from "./use-views.ts";

interface Props {
  readonly answer: Answer;
  readonly packet: AttentionPacket;
  /** Asks for the answer once more, when the server has forgotten its attention. */
  readonly again: () => void;
}

/** The attention of an answer: its heads, one enlarged, and the arithmetic and occlusion of what is pinned. */
export function Explorer({ answer, packet, again }: Props) {
  const { t } = useTranslation("attention");
  const { backend, model } = useModel();
  const address = useStore(selection);
  const theme = useStore(themes);
  const phone = usePhone();
  const looked = useMemo(() => lookedAt(address, packet), [address, packet]);
  const { shown, pieces, heads, names, rounded } = useViews({ packet, att: answer.att, looked, again });
  const shades = useMemo(() => shadesOf(shown, { theme, scale: looked.scale }), [shown, theme, looked.scale]);
  const [peeked] = useState(() => new Store<Place | undefined>(undefined));
  const [released, release] = useState(false);
  const links = useMemo(() => linksAsked(address), [address]);

  const asked = useMemo(() => placeAsked(address, shown), [address, shown]);
  const pinned = asked ?? (released ? undefined : strongest(shown));
  const pin = useCallback((place: Place | undefined) => {
    release(place === undefined);
    select({ row: place?.row, col: place?.col });
  }, []);
  const choose = useCallback((place: HeadPlace) => {
    select({ ...place, aggregate: "one", others: undefined });
  }, []);
  const add = (place: HeadPlace) => {
    const without = looked.others.filter(({ layer, head }) => layer !== place.layer || head !== place.head);
    const chosen = place.layer === looked.layer && place.head === looked.head;
    if (chosen) return;
    const others = without.length < looked.others.length ? without : [...looked.others, place];
    const { layer, head } = looked;
    select({ layer, head, others, aggregate: looked.show === "map" && others.length > 0 ? "mean" : "one" });
  };
  const chooseLinks = ({ mass, hideMarks }: LinkChoice) =>
    select({ mass: Math.round(100 * mass), marks: hideMarks ? "hidden" : undefined });
  const chooseUnit = (unit: "piece" | "word") => {
    const place = asked && placeInUnit(pieces, asked, unit);
    select({ unit, row: place?.row, col: place?.col });
  };
  const merges = [packet.rows, packet.cols].some((toks) => toks.some(({ w }, i) => i > 0 && toks[i - 1].w === w));
  const hidden = (part: string) => address.hide?.includes(part) ?? false;
  const short = useShortCell({ att: answer.att, looked, place: phone ? pinned : undefined, again });
  const asLines = looked.show === "lines" && shown.kind !== "pooling";
  const drawnHead = (view: AttentionView) => ({
    kept: keptWeights(view, links),
    name: t("lines.head", { layer: view.layer + 1, head: Number(view.head) + 1 }),
  });
  const together = looked.others.length > 0 ? heads : [shown];
  const lines = asLines ? { heads: together.map(drawnHead), row: pinned?.row } : undefined;
  const explain = (all: boolean) =>
    explainAll({ backend, answer, kinds: all ? model.kinds : [looked.kind], task: model.task, names });

  return (
    <div className={packet.header.heads > 8 ? "attention wide" : "attention"}>
      <Tools model={model} looked={looked} merges={merges} chooseUnit={chooseUnit}>
        <SentencePicker text={answer.src} />
        <ExportMenu view={shown} explain={explain} scale={looked.scale} words={looked.words} lines={lines} />
      </Tools>
      <div className="attention-left">
        <OverviewPane
          packet={packet}
          shown={shown}
          looked={looked}
          shades={shades}
          pinned={pinned}
          pin={pin}
          choose={choose}
          add={add}
        />
        {!hidden("occ") && (
          <OcclusionPane answer={answer} pieces={pieces} looked={looked} pinned={pinned} again={again} />
        )}
      </div>
      <MapPane
        shown={shown}
        heads={heads}
        looked={looked}
        shades={shades}
        theme={theme}
        pinned={pinned}
        peeked={peeked}
        pin={pin}
        open={openArithmetic}
        add={add}
        links={links}
        setLinks={chooseLinks}
      />
      {!hidden("calc") && (
        <Arithmetic view={shown} pinned={pinned} short={short}>
          {pinned && (
            <ArithmeticOf
              att={answer.att}
              shown={shown}
              pieces={pieces}
              heads={heads}
              looked={looked}
              place={pinned}
              shades={shades}
              choose={choose}
              openPiece={(piece) => select({ unit: "piece", ...piece })}
              again={again}
            />
          )}
        </Arithmetic>
      )}
      {rounded && <p className="attention-cut caption">{t("rounded")}</p>}
      {answer.cut > 0 && <p className="attention-cut caption">{t("sentence.cut", { n: answer.cut })}</p>}
    </div>
  );
}
