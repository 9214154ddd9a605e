// The script of the page that `attentionPage` writes: `npm run build:viewer` bundles it into ../viewer-script.ts. What it
// shows is in the page as JSON, and it makes views of it with the same functions as figures do.
import type { AttentionKind } from "../attention-map.ts";
import { type AttentionView, attentionViews, type HeadChoice, kindsOf, SUMMARIES } from "../attention-view.ts";
import { explainedFrom, type PageData } from "../page-data.ts";
import { type Theme, tickLabel, WeightScale } from "../ramp.ts";
import { exampleOf, headName, readingOf, titleOf, WORDING } from "../wording.ts";
import { byId, choices, make } from "./elements.ts";
import { MapStage } from "./map-stage.ts";
import { overview } from "./overview.ts";

const data: PageData = JSON.parse(byId("data").textContent!);
const explained = explainedFrom(data);
const language = navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en";
const wording = WORDING[language];
const darkness = matchMedia("(prefers-color-scheme: dark)");

interface Choice {
  kind: AttentionKind;
  layer: number;
  head: HeadChoice;
  words: boolean;
}

const [start] = attentionViews(explained, data.first);
let choice: Choice = { kind: start.kind, layer: start.layer, head: start.head, words: data.first.words ?? false };
let shown: AttentionView = start;
const stage = new MapStage(byId("map"), byId("told"));

/** Changes the choice; what the new kind does not have becomes its last layer and the mean. */
function choose(change: Partial<Choice>): void {
  choice = { ...choice, ...change };
  const { kind } = choice;
  const layers = explained.maps.filter((map) => map.kind === kind);
  const map = layers.find(({ layer }) => layer === choice.layer) ?? layers[layers.length - 1];
  const known = headsOf(kind, map.heads).includes(choice.head);
  choice = { ...choice, layer: map.layer, head: known ? choice.head : "mean" };
  draw();
}

function headsOf(kind: AttentionKind, heads: number): HeadChoice[] {
  const self = kind === "encoder" || kind === "decoder" || kind === "cross";
  const made = SUMMARIES.filter((summary) => (summary === "rollout" ? self : heads > 1 || summary === "mean"));
  return [...made, ...(heads > 1 ? Array.from({ length: heads }, (_, head) => head) : [])];
}

function draw(): void {
  const active = document.activeElement;
  const focused = active instanceof HTMLInputElement ? active.name : undefined;
  [shown] = attentionViews(explained, choice);
  const theme = darkness.matches ? "dark" : "light";
  byId("heading").textContent = titleOf([shown], wording);
  byId("reading").textContent = readingOf(shown, wording);
  byId("controls").replaceChildren(...controls());
  stage.show(shown, { wording, theme });
  drawOverview(theme);
  drawLegend(theme);
  if (focused) document.querySelector<HTMLElement>(`input[name="${focused}"]:checked`)?.focus();
}

function controls(): HTMLElement[] {
  const { page, kinds } = wording;
  const maps = explained.maps.filter(({ kind }) => kind === choice.kind);
  const heads = headsOf(choice.kind, shown.of);
  const made = (head: HeadChoice) =>
    typeof head === "number" ? String(head + 1) : headName({ head, of: shown.of }, wording);
  const tokens = explained.maps.some(({ keys, queries }) =>
    [keys, queries].some((sentence) => sentence.words.length < sentence.tokens.length),
  );
  const groups = [
    choices(
      "kind",
      page.kind,
      kindsOf(explained).map((kind) => [kind, kinds[kind]] as const),
      choice.kind,
    ),
    choices(
      "layer",
      page.layer,
      maps.map(({ layer }) => [String(layer), String(layer + 1)] as const),
      String(choice.layer),
    ),
    choices(
      "head",
      page.head,
      heads.map((head) => [String(head), made(head)] as const),
      String(choice.head),
    ),
  ].filter((group) => group.querySelectorAll("input").length > 1);
  const units = [["tokens", page.tokens] as const, ["words", page.words] as const];
  return tokens ? [...groups, choices("unit", page.show, units, choice.words ? "words" : "tokens")] : groups;
}

function drawOverview(theme: Theme): void {
  const { kind, words } = choice;
  const views = attentionViews(explained, { kind, words, layer: "all", head: "all" });
  byId("overview").hidden = views.length === 1;
  byId("overview-title").textContent = wording.page.overview;
  byId("thumbs").style.setProperty("--heads", String(shown.of));
  const pick = ({ layer, head }: AttentionView) => choose({ layer, head });
  byId("thumbs").replaceChildren(...overview(views, { wording, theme, chosen: shown }, pick));
}

function drawLegend(theme: Theme): void {
  const scale = WeightScale.of(shown, theme);
  const stops = Array.from({ length: 33 }, (_, i) => scale.colour(scale.weightAt(i / 32)));
  byId("bar").style.background = `linear-gradient(to right, ${stops.join(", ")})`;
  byId("ticks").replaceChildren(
    ...scale.ticks.map((weight) => {
      const tick = make("span", {}, [tickLabel(weight, scale)]);
      tick.style.left = `${100 * scale.place(weight)}%`;
      return tick;
    }),
  );
  byId("mask").hidden = shown.kind !== "decoder";
  byId("mask-name").textContent = wording.masks.future;
}

byId("controls").addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return;
  const { name, value } = target;
  if (name === "kind") choose({ kind: value as AttentionKind });
  if (name === "layer") choose({ layer: Number(value) });
  if (name === "head") choose({ head: SUMMARIES.find((summary) => summary === value) ?? Number(value) });
  if (name === "unit") choose({ words: value === "words" });
});

document.documentElement.lang = language;
document.title = `${data.text} · ${wording.page.title}`;
byId("example").textContent = exampleOf(explained, wording);
byId("hint").textContent = wording.page.hint;
darkness.addEventListener("change", draw);
draw();
