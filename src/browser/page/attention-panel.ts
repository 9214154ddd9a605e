import type { AttentionView } from "../../explain/attention-view.ts";
import { make } from "../../explain/viewer/elements.ts";
import { MapStage } from "../../explain/viewer/map-stage.ts";
import { readingOf, WORDING } from "../../explain/wording.ts";
import type { Tongue } from "./tongue.ts";

const darkness = matchMedia("(prefers-color-scheme: dark)");

/** A map of attention below the sentence that says how it is read. */
export function attentionMap(view: AttentionView, tongue: Tongue): HTMLElement {
  const reading = make("p", { class: "reading" });
  const map = make("div", { class: "map" });
  const told = make("p", { class: "told", "aria-live": "polite" });
  const stage = new MapStage(map, told);
  const draw = () => {
    const wording = WORDING[tongue.language];
    reading.textContent = readingOf(view, wording);
    stage.show(view, { wording, theme: darkness.matches ? "dark" : "light" });
  };
  tongue.tell(draw);
  darkness.addEventListener("change", draw);
  return make("div", { class: "attention" }, [reading, map, told]);
}

/** A map that is drawn when it is first asked for. */
export function attentionPanel(view: () => AttentionView, tongue: Tongue): HTMLDetailsElement {
  const panel = make("details", {}, [tongue.label(make("summary"), "attention")]);
  panel.addEventListener("toggle", () => {
    if (panel.open && panel.children.length === 1) panel.append(attentionMap(view(), tongue));
  });
  return panel;
}
