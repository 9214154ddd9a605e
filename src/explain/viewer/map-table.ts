import { maskOf, type Sentence } from "../attention-map.ts";
import type { AttentionView } from "../attention-view.ts";
import { type Theme, WeightScale } from "../ramp.ts";
import { percentOf, type Wording } from "../wording.ts";
import { make } from "./elements.ts";

/** A place in a map. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

interface MapLook {
  readonly wording: Wording;
  readonly theme: Theme;
  /** The cell that the Tab key goes to. */
  readonly stop: Place;
}

/** The weight in a cell. */
export function weightAt({ weights, keys }: AttentionView, { row, column }: Place): number {
  return weights[row * keys.tokens.length + column];
}

/** What a cell says. */
export function sentenceAt(view: AttentionView, place: Place, { page }: Wording): string {
  const mask = maskOf(view, place.row, place.column);
  const phrase = mask === "future" ? page.hidden : mask ? page.padding : page.cell;
  return phrase
    .replace("{query}", () => view.queries.tokens[place.row].text)
    .replace("{key}", () => view.keys.tokens[place.column].text)
    .replace("{weight}", percentOf(weightAt(view, place)));
}

/** A map as a table with a cell for each weight. */
export function mapTable(view: AttentionView, look: MapLook): HTMLElement {
  const { queries, keys, kind } = view;
  const longest = longestLabel(keys);
  const wide = [44, 52, 60].find((side) => longest <= side - 6) ?? 44;
  const side = Math.max(20, Math.min(wide, 640 / Math.max(queries.tokens.length, keys.tokens.length)));
  const level = longest <= side - 6;
  const scale = WeightScale.of(view, look.theme);
  const head = make("tr", {}, [
    make("td", { class: "corner" }, [
      make("span", { class: "looked" }, [`${look.wording.keys} →`]),
      make("span", { class: "asks" }, [`${look.wording.queries[kind]} ↓`]),
    ]),
    ...keys.tokens.map(({ text }, column) =>
      make("th", { scope: "col", class: tied(keys, column), "data-column": column }, [make("span", {}, [text])]),
    ),
  ]);
  const body = queries.tokens.map(({ text }, row) =>
    make("tr", {}, [
      make("th", { scope: "row", class: tied(queries, row), "data-row": row }, [make("span", {}, [text])]),
      ...keys.tokens.map((_, column) => {
        const cell = cellAt("td", view, { row, column }, look);
        const weight = weightAt(view, { row, column });
        const mask = maskOf(view, row, column);
        if (mask) cell.className = mask;
        else {
          cell.style.background = scale.colour(weight);
          cell.style.color = scale.ink(weight);
          if (side >= 26 && weight >= 0.03) cell.append(String(Math.round(100 * weight)));
        }
        return cell;
      }),
    ]),
  );
  const table = make("table", { role: "grid", class: level ? "level" : "slanting" }, [
    make("thead", {}, [head]),
    make("tbody", {}, body),
  ]);
  table.style.setProperty("--side", `${side}px`);
  table.style.setProperty("--head", `${level ? 56 : Math.max(64, 0.72 * longest + 28)}px`);
  table.style.setProperty("--overhang", level ? "0px" : `${0.72 * longest}px`);
  return table;
}

/** One look over a text as the text itself, each token on the colour of its weight. */
export function mapFlow(view: AttentionView, look: MapLook): HTMLElement {
  const scale = WeightScale.of(view, look.theme);
  const tiles = view.keys.tokens.map(({ text, word }, column) => {
    const tile = cellAt("span", view, { row: 0, column }, look);
    const weight = weightAt(view, { row: 0, column });
    tile.classList.toggle("apart", column > 0 && view.keys.tokens[column - 1].word !== word);
    tile.style.background = scale.colour(weight);
    tile.style.color = scale.ink(weight);
    tile.append(text, make("small", {}, [percentOf(weight)]));
    return tile;
  });
  return make("div", { class: "flow", role: "grid", "aria-label": look.wording.kinds[view.kind] }, [
    make("div", { role: "row" }, tiles),
  ]);
}

function cellAt(
  tag: "td" | "span",
  view: AttentionView,
  { row, column }: Place,
  { stop, wording }: MapLook,
): HTMLElement {
  return make(tag, {
    role: "gridcell",
    tabindex: stop.row === row && stop.column === column ? 0 : -1,
    "aria-label": sentenceAt(view, { row, column }, wording),
    "data-row": row,
    "data-column": column,
  });
}

/** Which sides of a label are tied to its neighbours, as tokens of one word. */
function tied({ tokens }: Sentence, at: number): string {
  const before = tokens[at - 1]?.word === tokens[at].word;
  const after = tokens[at + 1]?.word === tokens[at].word;
  return [...(before || after ? ["tied"] : []), ...(before ? ["before"] : []), ...(after ? ["after"] : [])].join(" ");
}

function longestLabel({ tokens }: Sentence): number {
  const pen = make("canvas").getContext("2d")!;
  pen.font = `13px ${getComputedStyle(document.body).fontFamily}`;
  return Math.max(...tokens.map(({ text }) => pen.measureText(text).width));
}
