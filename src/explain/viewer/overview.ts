import { maskOf } from "../attention-map.ts";
import type { AttentionView } from "../attention-view.ts";
import { type Theme, WeightScale } from "../ramp.ts";
import { headingOf, type Wording } from "../wording.ts";
import { make } from "./elements.ts";
import { weightAt } from "./map-table.ts";

/** Small pictures of every layer and head, each a button. */
export function overview(
  views: readonly AttentionView[],
  { wording, theme, chosen }: { wording: Wording; theme: Theme; chosen: AttentionView },
  choose: (view: AttentionView) => void,
): HTMLElement[] {
  return views.map((view) => {
    const name = headingOf(view, views, wording);
    const pressed = view.layer === chosen.layer && view.head === chosen.head;
    const attributes = { type: "button", "aria-label": name, title: name, "aria-pressed": String(pressed) };
    const button = make("button", attributes, [picture(view, theme)]);
    button.addEventListener("click", () => choose(view));
    return button;
  });
}

/** One pixel a cell; the page makes it larger. */
function picture(view: AttentionView, theme: Theme): HTMLCanvasElement {
  const [width, height] = [view.keys.tokens.length, view.queries.tokens.length];
  const scale = WeightScale.of(view, theme);
  const canvas = make("canvas", { width, height });
  const pen = canvas.getContext("2d")!;
  const mask = getComputedStyle(document.documentElement).getPropertyValue("--mask");
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      pen.fillStyle = maskOf(view, row, column) ? mask : scale.colour(weightAt(view, { row, column }));
      pen.fillRect(column, row, 1, 1);
    }
  }
  return canvas;
}
