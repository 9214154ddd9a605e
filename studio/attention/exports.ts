import { attentionFigure } from "../../src/explain/attention-figure.ts";
import { attentionData } from "../../src/explain/attention-json.ts";
import type { ExplainedText } from "../../src/explain/attention-map.ts";
import { attentionPage } from "../../src/explain/attention-page.ts";
import type { AttentionView } from "../../src/explain/attention-view.ts";
import type { DrawnLines } from "../../src/explain/line-figure.ts";
import type { Language } from "../../src/explain/wording.ts";
import type { OutlineRequest, Outlines } from "../../src/studio/wire.ts";
import type { Backend } from "../backend/backend.ts";
import { writeTexts } from "./canvas-letters.ts";
import { type Face, facesOf } from "./faces.ts";

/** What is exported: a map, the text that it is of, and the model. */
export interface Exported {
  readonly explained: ExplainedText;
  readonly view: AttentionView;
  readonly model: string;
  readonly language: Language;
  readonly scale: "fixed" | "row";
  /** What is drawn where lines are looked at; a heat map if not given. */
  readonly lines?: DrawnLines;
}

/** How a figure is drawn. */
export interface FigureOptions {
  readonly millimetres: 84 | 174;
  /** Text as shapes, which need no font; as text with its letters in the file; or as text alone. */
  readonly text: "shapes" | "lettered" | "bare";
}

type Lettering = Pick<Backend, "offers" | "outline" | "font">;

/** The map as an SVG: drawn from its numbers, on white, with its legend and how it is read. */
export async function figure(
  { explained, view, language, scale, lines }: Exported,
  { millimetres, text }: FigureOptions,
  lettering: Lettering,
): Promise<string> {
  const one = { ...explained, maps: [{ ...view, layer: 0 }] };
  const named = { layer: view.layer, head: view.head, of: view.of };
  const shown = { language, millimetres, fitRows: scale === "row", lines, named };
  const drawn = attentionFigure(one, { kind: view.kind, head: 0, ...shown });
  if (text === "bare") return drawn;
  return text === "shapes" ? outlined(drawn, lettering) : embedded(drawn, lettering);
}

/** The figure as a PNG, so many pixels a millimetre as print has at 2 × or 4 × of 96 dpi. */
export async function picture(svg: string, times: 2 | 4): Promise<Blob> {
  const figure = new DOMParser().parseFromString(svg, "image/svg+xml");
  const without = figure.cloneNode(true) as XMLDocument;
  for (const text of without.querySelectorAll("text")) text.remove();
  const address = URL.createObjectURL(
    new Blob([new XMLSerializer().serializeToString(without)], { type: "image/svg+xml" }),
  );
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(image.naturalWidth * times);
    canvas.height = Math.round(image.naturalHeight * times);
    const pen = canvas.getContext("2d");
    if (!pen) throw new Error("this browser gives no canvas to draw on");
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    const { width, height } = figure.querySelector("svg")!.viewBox.baseVal;
    pen.scale(canvas.width / width, canvas.height / height);
    await writeTexts(pen, figure.querySelectorAll("text"));
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the canvas gave no image"))), "image/png");
    });
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** The numbers of the map: its words, its weights to six digits, and what they are of. */
export function numbers({ explained, view, model, scale }: Exported): string {
  const one = { ...explained, maps: [{ ...view, layer: 0 }] };
  const { maps, ...text } = attentionData(one, { kind: view.kind, head: 0 });
  const [{ kind, shape, queries, keys, weights }] = maps;
  const head = typeof view.head === "number" ? view.head + 1 : view.head;
  return `${JSON.stringify({ model, kind, layer: view.layer + 1, head, of: view.of, scale, ...text, shape, queries, keys, weights }, null, 1)}\n`;
}

/** All attention of the text as one page that needs neither server nor network. */
export function page(explained: ExplainedText, { kind, layer, head }: AttentionView, words: boolean): string {
  return attentionPage(explained, { kind, layer, head, words });
}

/** Every text of a figure as the shapes of its letters. */
async function outlined(svg: string, { outline }: Lettering): Promise<string> {
  const figure = new DOMParser().parseFromString(svg, "image/svg+xml");
  const texts = [...figure.querySelectorAll("text")];
  const runs: OutlineRequest["runs"] = texts.map((text) => ({
    s: text.textContent ?? "",
    size: Number(text.getAttribute("font-size")),
    wght: Number(text.getAttribute("font-weight") ?? 400),
  }));
  const { d, adv }: Outlines = await outline({ runs });
  texts.forEach((text, i) => {
    const path = figure.createElementNS("http://www.w3.org/2000/svg", "path");
    const anchor = { middle: adv[i] / 2, end: adv[i] }[text.getAttribute("text-anchor") ?? ""] ?? 0;
    const x = Number(text.getAttribute("x") ?? 0) - anchor;
    const y = Number(text.getAttribute("y") ?? 0);
    const turned = text.getAttribute("transform") ?? "";
    path.setAttribute("d", d[i]);
    path.setAttribute("fill", text.getAttribute("fill") ?? "#000000");
    path.setAttribute("transform", `${turned} translate(${x.toFixed(2)} ${y.toFixed(2)})`.trim());
    path.setAttribute("aria-label", text.textContent ?? "");
    text.replaceWith(path);
  });
  return new XMLSerializer().serializeToString(figure);
}

/** The figure with a font of its letters: of just those where somebody can cut them out. */
async function embedded(svg: string, { offers, font }: Lettering): Promise<string> {
  const letters = [...new Set(svg.replace(/<[^>]*>/g, ""))].join("");
  const faces: Face[] = offers.lettering ? [{ file: await font(letters, 450) }] : await facesOf(letters);
  const rules = faces.map(({ file, range, weights }) => {
    const more = `${range ? `;unicode-range:${range}` : ""}${weights ? `;font-weight:${weights}` : ""}`;
    return `@font-face{font-family:"jumok figure";src:url(data:font/woff2;base64,${base64(file)}) format("woff2")${more}}`;
  });
  return svg
    .replace('font-family="', `font-family="'jumok figure', `)
    .replace("<title>", `<style>${rules.join("")}</style><title>`);
}

function base64(file: ArrayBuffer): string {
  let text = "";
  for (const byte of new Uint8Array(file)) text += String.fromCharCode(byte);
  return btoa(text);
}
