import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Mask } from "../../src/explain/attention-map.ts";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import type { Theme } from "../../src/explain/ramp.ts";
import { usePhone } from "../app/media.ts";
import { select } from "../app/selection.ts";
import type { Store } from "../app/store.ts";
import { percent } from "../drawing/numbers.ts";
import type { HeadPlace } from "../talk/chosen-heads.ts";
import { FlowMap } from "./flow-map.tsx";
import { HeadMap } from "./head-map.tsx";
import { Legend } from "./legend.tsx";
import { LineMap } from "./line-map.tsx";
import { type LinkChoice, linksOf } from "./lines.ts";
import { LinesControls } from "./lines-controls.tsx";
import type { LookedAt } from "./looked-at.ts";
import { spanAround, windowSize } from "./map-layout.ts";
import { MapWindow } from "./map-window.tsx";
import { colsOf, type Place, partOf, rowsOf } from "./reading.ts";
import { Segmented } from "./segmented.tsx";
import { type Shades, shadesOf } from "./shades.ts";
import { Summary } from "./summary.tsx";
import { useTitle } from "./use-title.ts";

interface Props {
  readonly shown: AttentionView;
  readonly heads: readonly AttentionView[];
  readonly looked: LookedAt;
  readonly shades: Shades;
  readonly theme: Theme;
  readonly pinned: Place | undefined;
  readonly peeked: Store<Place | undefined>;
  readonly pin: (place: Place | undefined) => void;
  readonly open: () => void;
  readonly add: (place: HeadPlace) => void;
  /** Which lines are drawn. */
  readonly links: LinkChoice;
  readonly setLinks: (links: LinkChoice) => void;
}

/** One map, enlarged, as a heat map or as lines, with its sentence and its legend. */
export function MapPane(props: Props) {
  const { shown, heads, looked, shades, theme, pinned, peeked, pin, open, add, links, setLinks } = props;
  const { t } = useTranslation("attention");
  const phone = usePhone();
  const { title, hint } = useTitle(shown, looked, phone);
  const [corner, setCorner] = useState<Place>();
  const size = windowSize(Math.max(rowsOf(shown), colsOf(shown)), { width: window.innerWidth - 48, phone });
  const around = (place: number, count: number) => spanAround(place, count, Math.min(size, count));
  const half = Math.floor(size / 2);
  const rows = around(corner ? corner.row + half : (pinned?.row ?? 0), rowsOf(shown));
  const cols = around(corner ? corner.col + half : (pinned?.col ?? 0), colsOf(shown));
  const from = { row: rows.from, col: cols.from };
  const isPart = rows.to - rows.from < rowsOf(shown) || cols.to - cols.from < colsOf(shown);
  const part = useMemo(
    () => partOf(shown, { from: rows.from, to: rows.to }, { from: cols.from, to: cols.to }),
    [shown, rows.from, rows.to, cols.from, cols.to],
  );
  const partShades = useMemo(
    () => (part === shown ? shades : shadesOf(part, { theme, scale: looked.scale, whole: shown })),
    [part, shown, shades, theme, looked.scale],
  );
  const slide = ({ row, col }: Place) => {
    const within = (place: number, count: number) => Math.max(0, Math.min(count - Math.min(size, count), place));
    setCorner({ row: within(from.row + row, rowsOf(shown)), col: within(from.col + col, colsOf(shown)) });
  };
  const local = pinned && { row: pinned.row - from.row, col: pinned.col - from.col };
  const inPart = local && local.row >= 0 && local.col >= 0 ? local : undefined;
  const pinInPart = (place: Place | undefined) => {
    if (isPart && !corner) setCorner(from);
    pin(place && { row: place.row + from.row, col: place.col + from.col });
  };
  const pooling = shown.kind === "pooling";
  const lines = looked.show === "lines" && !pooling;
  const several = looked.others.length > 0 && looked.aggregate !== "max" && looked.aggregate !== "roll";
  const drawn = lines && several ? heads : [shown];
  const masks: Mask[] = [
    ...(shown.kind === "decoder" ? (["future"] as const) : []),
    ...(shown.keys.tokens.some(({ padding }) => padding) ? (["padding"] as const) : []),
  ];
  return (
    <section className="card map-pane" aria-label={title}>
      <div className="map-head">
        <h2>{title}</h2>
        {!pooling && (
          <Segmented
            label={t("shows.label")}
            choices={[
              ["map", t("shows.map")],
              ["lines", t("shows.lines")],
            ]}
            chosen={lines ? "lines" : "map"}
            choose={(show) => select({ show, ...(several && { aggregate: show === "map" ? "mean" : "one" }) })}
          />
        )}
      </div>
      <p className="caption">{hint}</p>
      {lines ? (
        <LineMap
          views={drawn}
          shades={shades}
          theme={theme}
          name={title}
          choice={links}
          pinned={pinned}
          peeked={peeked}
          pin={pin}
        />
      ) : pooling ? (
        <FlowMap view={shown} shades={shades} name={title} pinned={pinned} peeked={peeked} pin={pin} open={open} />
      ) : (
        <HeadMap
          view={part}
          shades={partShades}
          theme={theme}
          name={title}
          pinned={inPart}
          peeked={peeked}
          pin={isPart ? pinInPart : pin}
          open={open}
          offset={from}
          slide={isPart ? slide : undefined}
        />
      )}
      {isPart && !lines && !pooling && (
        <MapWindow view={shown} rows={rows} cols={cols} root={shades.scale.root} theme={theme} move={setCorner} />
      )}
      {lines && (
        <LinesControls
          choice={links}
          change={setLinks}
          hidden={pinned && percent(linksOf(shown, pinned.row, links).hidden)}
          heads={several ? [{ layer: looked.layer, head: looked.head }, ...looked.others] : []}
          theme={theme}
          drop={add}
        />
      )}
      <Summary view={isPart && !lines ? part : shown} whole={shown} pinned={pinned} peeked={peeked} />
      <div className="map-foot">
        <Legend shades={shades} masks={masks} />
        {shades.scale.top === 1 && (
          <Segmented
            label={t("scales.label")}
            choices={[
              ["fixed", t("scales.fixed")],
              ["row", t("scales.row")],
            ]}
            chosen={looked.scale}
            choose={(scale) => select({ scale })}
          />
        )}
      </div>
    </section>
  );
}
