import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BeamEvent, NBest } from "../../src/studio/wire.ts";
import { languageOf } from "../drawing/language-of.ts";
import { percent, signed } from "../drawing/numbers.ts";
import { edgeOf, layoutTree, type PlacedNode, type TreeLayout } from "./tree-layout.ts";
import { useWordNames } from "./word-names.ts";

interface Props {
  readonly steps: readonly BeamEvent[];
  readonly nbest: readonly NBest[] | undefined;
  /** The steps, from 0, that the word on the stage was written in. */
  readonly marked: readonly number[];
}

/** How the answer was found: every path that was kept, a lane each, and words that were given up. */
export function BeamTree({ steps, nbest, marked }: Props) {
  const { t } = useTranslation("talk");
  const nameOf = useWordNames();
  const layout = useMemo(
    () => layoutTree({ steps, nbest, nameOf: ({ t: text, sp }) => nameOf({ text, special: sp }) }),
    [steps, nbest, nameOf],
  );
  const [at, setAt] = useState<number>();
  const [stop, setStop] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const first = marked[0];
  useEffect(() => {
    const node = layout.nodes.find(({ column, lane, cut }) => column === first && lane === 0 && !cut);
    const view = scroller.current;
    if (!node || !view) return;
    const [left, right] = [node.x - 60, node.x + node.width + 120];
    if (left < view.scrollLeft) view.scrollLeft = left;
    else if (right > view.scrollLeft + view.clientWidth) view.scrollLeft = right - view.clientWidth;
  }, [layout, first]);

  const move = (event: KeyboardEvent, index: number) => {
    if (event.key === "Escape") setAt(undefined);
    const next = neighbour(layout, index, event.key);
    if (next === undefined) return;
    event.preventDefault();
    scroller.current?.querySelector<HTMLElement>(`[data-node="${next}"]`)?.focus();
  };
  const told = at === undefined ? undefined : layout.nodes[at];
  return (
    <>
      <div className="tree-frame">
        <div className="tree" ref={scroller}>
          <div className="tree-inside" style={{ width: layout.width, height: layout.height }}>
            <svg width={layout.width} height={layout.height} aria-hidden="true">
              {layout.nodes.map((node, index) => {
                if (node.parent === undefined) return null;
                const kind = node.cut ? "cut" : node.lane === 0 ? "best" : "";
                return (
                  <path
                    // biome-ignore lint/suspicious/noArrayIndexKey: a node is its place
                    key={index}
                    className={`edge ${kind}`}
                    d={edgeOf(layout.nodes[node.parent], node)}
                    strokeWidth={node.cut ? 1 : 0.8 + 4.2 * node.node.p}
                  />
                );
              })}
            </svg>
            {layout.nodes.map((node, index) => (
              <button
                // biome-ignore lint/suspicious/noArrayIndexKey: a node is its place
                key={index}
                type="button"
                data-node={index}
                className={`node ${node.cut ? "cut" : ""} ${isMarked(node, marked) ? "marked" : ""}`}
                style={{ left: node.x, top: node.y }}
                tabIndex={index === Math.min(stop, layout.nodes.length - 1) ? 0 : -1}
                onPointerEnter={() => setAt(index)}
                onPointerLeave={() => setAt(undefined)}
                onFocus={() => {
                  setAt(index);
                  setStop(index);
                }}
                onBlur={() => setAt(undefined)}
                onKeyDown={(event) => move(event, index)}
                onClick={() => setAt(index)}
              >
                <span className="unseen">
                  {t(node.cut ? "tree.cutNode" : "tree.node", {
                    text: node.text,
                    p: percent(node.node.p),
                    n: node.column + 1,
                  })}
                </span>
                <span aria-hidden="true" className="node-text" lang={languageOf(node.text)}>
                  {node.text}
                </span>
                <small aria-hidden="true" className="num">
                  {percent(node.node.p)}
                </small>
              </button>
            ))}
          </div>
        </div>
        {layout.ends.map(({ lane, y, score }) => (
          <span key={lane} className={`lane-end num ${lane === 0 ? "best" : ""}`} style={{ top: y }}>
            {signed(score)}
            <small>{t("tree.rank", { n: lane + 1 })}</small>
          </span>
        ))}
      </div>
      <p className="caption num tree-says">
        {told
          ? t("tree.path", {
              text: textTo(layout, told),
              score: signed(told.node.score),
            })
          : t("tree.reading")}
      </p>
    </>
  );
}

function isMarked({ column, lane, cut }: PlacedNode, marked: readonly number[]): boolean {
  return !cut && lane === 0 && marked.includes(column);
}

function textTo({ nodes }: TreeLayout, node: PlacedNode): string {
  const words = [node.text];
  for (let at = node.parent; at !== undefined; at = nodes[at].parent) words.unshift(nodes[at].text);
  return words.join(" ");
}

/** The node that an arrow leads to: along the edges, or to the lane above or below. */
function neighbour({ nodes }: TreeLayout, index: number, key: string): number | undefined {
  const here = nodes[index];
  const nearest = (candidates: number[]) =>
    candidates.sort((a, b) => Math.abs(nodes[a].y - here.y) - Math.abs(nodes[b].y - here.y))[0];
  const all = nodes.map((_, other) => other);
  if (key === "ArrowLeft") return here.parent;
  if (key === "ArrowRight") return nearest(all.filter((other) => nodes[other].parent === index));
  const beside = all.filter((other) => nodes[other].column === here.column);
  if (key === "ArrowUp") return nearest(beside.filter((other) => nodes[other].y < here.y));
  if (key === "ArrowDown") return nearest(beside.filter((other) => nodes[other].y > here.y));
  return undefined;
}
