/**
 * Writes texts of a figure onto a canvas in the typeface of this page, since an image of a figure has none of its fonts.
 *
 * @param pen in the units of the figure
 */
export async function writeTexts(pen: CanvasRenderingContext2D, texts: Iterable<SVGTextElement>): Promise<void> {
  const family = getComputedStyle(document.body).fontFamily;
  for (const text of texts) {
    const number = (name: string, usual: number) => Number(text.getAttribute(name) ?? usual);
    const words = text.textContent ?? "";
    const font = `${number("font-weight", 400)} ${number("font-size", 16)}px ${family}`;
    await document.fonts.load(font, words);
    const { a, b, c, d, e, f } = placeOf(text);
    pen.save();
    pen.transform(a, b, c, d, e, f);
    pen.font = font;
    pen.fillStyle = text.getAttribute("fill") ?? "#000000";
    pen.textAlign = ({ middle: "center", end: "right" } as const)[text.getAttribute("text-anchor") ?? ""] ?? "left";
    pen.fillText(words, number("x", 0), number("y", 0));
    pen.restore();
  }
}

/** From the units of an element to those of its figure. */
function placeOf(element: Element | null): DOMMatrix {
  if (!(element instanceof SVGGraphicsElement)) return new DOMMatrix();
  const outer = placeOf(element.parentElement);
  const own = element.transform.baseVal.consolidate()?.matrix;
  return own ? outer.multiply(own) : outer;
}
