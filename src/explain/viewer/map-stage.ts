import type { AttentionView } from "../attention-view.ts";
import type { Theme } from "../ramp.ts";
import type { Wording } from "../wording.ts";
import { mapFlow, mapTable, type Place, sentenceAt } from "./map-table.ts";

/** Where a map is shown that can be pointed at, and walked through with the arrow keys. */
export class MapStage {
  readonly #map: HTMLElement;
  readonly #told: HTMLElement;
  #shown?: { readonly view: AttentionView; readonly wording: Wording };
  /** The cell that the Tab key goes to. */
  #stop: Place = { row: 0, column: 0 };

  /**
   * @param map what holds the map
   * @param told what says the cell that is looked at
   */
  constructor(map: HTMLElement, told: HTMLElement) {
    this.#map = map;
    this.#told = told;
    for (const kind of ["pointerover", "focusin"]) {
      map.addEventListener(kind, ({ target }) => {
        const place = placeOf(target);
        if (place) this.#tell(place);
      });
    }
    map.addEventListener("keydown", (event) => this.#walk(event));
  }

  show(view: AttentionView, { wording, theme }: { wording: Wording; theme: Theme }): void {
    this.#shown = { view, wording };
    const last = lastOf(view);
    this.#stop = { row: Math.min(this.#stop.row, last.row), column: Math.min(this.#stop.column, last.column) };
    const look = { wording, theme, stop: this.#stop };
    this.#map.replaceChildren(view.kind === "pooling" ? mapFlow(view, look) : mapTable(view, look));
    this.#told.textContent = "";
  }

  #cell({ row, column }: Place): HTMLElement {
    return this.#map.querySelector<HTMLElement>(`[role=gridcell][data-row="${row}"][data-column="${column}"]`)!;
  }

  #tell(place: Place): void {
    if (this.#shown === undefined) return;
    this.#told.textContent = sentenceAt(this.#shown.view, place, this.#shown.wording);
    for (const lit of this.#map.querySelectorAll(".lit")) lit.classList.remove("lit");
    const labels = `th[data-row="${place.row}"], th[data-column="${place.column}"]`;
    for (const lit of [this.#cell(place), ...this.#map.querySelectorAll(labels)]) lit.classList.add("lit");
  }

  #walk(event: KeyboardEvent): void {
    const from = placeOf(event.target);
    const to = from && this.#shown && moved(from, event, lastOf(this.#shown.view));
    if (!from || !to) return;
    event.preventDefault();
    this.#cell(from).tabIndex = -1;
    this.#stop = to;
    this.#cell(to).tabIndex = 0;
    this.#cell(to).focus();
  }
}

function placeOf(target: EventTarget | null): Place | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>("[role=gridcell]") : null;
  return cell ? { row: Number(cell.dataset.row), column: Number(cell.dataset.column) } : undefined;
}

function lastOf({ queries, keys }: AttentionView): Place {
  return { row: queries.tokens.length - 1, column: keys.tokens.length - 1 };
}

/** Where a key leads from a cell. */
function moved({ row, column }: Place, { key, ctrlKey }: KeyboardEvent, last: Place): Place | undefined {
  if (key === "ArrowUp") return { row: Math.max(0, row - 1), column };
  if (key === "ArrowDown") return { row: Math.min(last.row, row + 1), column };
  if (key === "ArrowLeft") return { row, column: Math.max(0, column - 1) };
  if (key === "ArrowRight") return { row, column: Math.min(last.column, column + 1) };
  if (key === "Home") return { row: ctrlKey ? 0 : row, column: 0 };
  if (key === "End") return { row: ctrlKey ? last.row : row, column: last.column };
  return undefined;
}
