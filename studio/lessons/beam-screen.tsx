import { useState } from "react";
import { useTranslation } from "react-i18next";
import { percent } from "../drawing/numbers.ts";
import { type Branch, type Searched, searched } from "./branching.ts";
import { Lesson } from "./lesson.tsx";
import { useOwnBranches } from "./own-branches.ts";
import type { Box } from "./picture.tsx";
import { Caption } from "./shapes.tsx";
import { SHIPPED } from "./shipped.ts";
import { wholeStops } from "./stops.ts";
import { Track } from "./track.tsx";
import { type DrawnNode, treeOf } from "./tree-drawing.ts";
import { ValueBox } from "./value-box.tsx";

const STOPS = wholeStops(1, 8);

/** 14: one way at a time, or several at once. */
export function BeamScreen() {
  const { t } = useTranslation("lessons");
  const [beam, setBeam] = useState(1);
  const mine = useOwnBranches(beam);
  const branches = mine.branches ?? (SHIPPED.branches.branches as unknown as readonly Branch[]);
  const found = mine.found ?? searched(branches, beam);
  const [greedy] = mine.branches ? mine.greedy : searched(branches, 1).ways;
  const [best] = found.ways;
  const handle = {
    label: t("beam.handle"),
    value: beam,
    stops: STOPS,
    onChange: setBeam,
    text: t("beam.wide", { n: beam }),
  };
  const gain = best.p / greedy.p;
  const times = Number(gain.toPrecision(2));
  return (
    <Lesson
      name="beam"
      heights={{ wide: 408, narrow: 420 }}
      own={mine.own}
      source={mine.source}
      says={t(gain > 1.001 ? "beam.saysBetter" : beam === 1 ? "beam.saysGreedy" : "beam.saysSame", {
        n: beam,
        p: percent(best.p),
        g: percent(greedy.p),
        x: times,
      })}
      controls={<ValueBox {...handle} />}
      figures={[
        { label: t("beam.greedy"), value: percent(greedy.p) },
        { label: t("beam.best"), value: percent(best.p), role: "k" },
        { label: t("beam.gain"), value: `× ${times}` },
      ]}
    >
      {(box) => (
        <>
          <Tree box={box} branches={branches} found={found} />
          <Track
            {...handle}
            x={24}
            y={box.height - 38}
            width={box.width - 48}
            marks={Object.fromEntries(STOPS.map((stop) => [stop, String(stop)]))}
          />
        </>
      )}
    </Lesson>
  );
}

/** The most sentences that fit side by side on a phone. */
const MOST_NARROW = 4;

/** The tree from left to right; on a phone from top to bottom. */
function Tree({ box, branches, found }: { box: Box; branches: readonly Branch[]; found: Searched }) {
  const { t } = useTranslation("lessons");
  const down = box.narrow;
  const tree = treeOf(branches, down ? { ...found, ways: found.ways.slice(0, MOST_NARROW) } : found);
  const [along, across] = down ? [box.height - 130, box.width - 24] : [box.width - 70, box.height - 110];
  const step = along / Math.max(1, tree.steps);
  const lane = Math.min(down ? 90 : 46, across / Math.max(1, tree.lanes));
  const size = down ? Math.min(13, lane / 5) : Math.max(9.5, Math.min(15, step / 4.6, lane * 0.5));
  const at = ({ place, row }: Pick<DrawnNode, "place" | "row">): readonly [number, number] =>
    down ? [12 + lane * (row + 0.5), 30 + step * place] : [12 + step * place, 30 + lane * row];
  return (
    <g>
      {tree.nodes.map((node) => (
        <Edge key={node.id} node={node} at={at} step={step} size={size} down={down} />
      ))}
      {tree.nodes.map((node) => {
        const [x, y] = at(node);
        const { id, word, p, best, cut } = node;
        return (
          <g key={id}>
            <text
              className="haloed"
              x={x}
              y={y}
              dy="0.36em"
              fontSize={size}
              fontWeight={best ? 700 : 500}
              textAnchor={down ? "middle" : "start"}
              fill={cut ? "var(--ink3)" : best ? "var(--k)" : "var(--ink)"}
              textDecoration={cut ? "line-through" : undefined}
            >
              {word}
            </text>
            {!down && lane > 30 && (
              <text className="tick" x={x} y={y + 18}>
                {percent(p)}
              </text>
            )}
          </g>
        );
      })}
      {tree.scores.map(({ row, p }, rank) => (
        <text
          key={row}
          className="leak num"
          x={down ? 12 + lane * (row + 0.5) : box.width - 4}
          y={down ? along + 30 : 30 + lane * row}
          dy="0.36em"
          textAnchor={down ? "middle" : "end"}
          fill={rank === 0 ? "var(--k)" : "var(--ink2)"}
          fontWeight={rank === 0 ? 700 : 500}
        >
          {percent(p)}
        </text>
      ))}
      <Caption x={box.width - 4} y={10} anchor="end">
        {down ? "" : t("beam.whole")}
      </Caption>
    </g>
  );
}

interface EdgeProps {
  readonly node: DrawnNode;
  readonly at: (spot: Pick<DrawnNode, "place" | "row">) => readonly [number, number];
  readonly step: number;
  readonly size: number;
  readonly down: boolean;
}

/** The branch that leads to a word, as thick as the word is likely. */
function Edge({ node, at, step, size, down }: EdgeProps) {
  const { from, p, best, cut } = node;
  if (!from) return null;
  const [[x0, y0], [x1, y1]] = [at(from), at(node)];
  const start = x0 + Math.min(step - 16, from.letters * size * 0.58 + 6);
  const path = down
    ? `M${x0} ${y0 + size}C${x0} ${(y0 + y1) / 2} ${x1} ${(y0 + y1) / 2} ${x1} ${y1 - size}`
    : `M${start} ${y0}C${(start + x1) / 2} ${y0} ${(start + x1) / 2} ${y1} ${x1 - 5} ${y1}`;
  return (
    <path
      d={path}
      fill="none"
      stroke={best ? "var(--k)" : "var(--line2)"}
      strokeWidth={cut ? 1 : 0.8 + 4.2 * p}
      strokeDasharray={cut ? "3 4" : undefined}
      strokeLinecap="round"
      opacity={best ? 1 : 0.6}
    />
  );
}
