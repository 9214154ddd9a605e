/**
 * An SVG element as text. Numbers are rounded to hundredths, so that equal charts are equal bytes.
 *
 * @param children markup; text of people goes through {@link escaped} first
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  children: readonly string[] = [],
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? hundredths(value) : escaped(String(value))}"`);
  const open = `<${name}${written.join("")}`;
  return children.length === 0 ? `${open}/>` : `${open}>${children.join("")}</${name}>`;
}

/** Text as XML may hold it: marks escaped, white space as single spaces, what XML forbids as U+FFFD. */
export function escaped(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, "\uFFFD")
    .replace(/[&<>"]/g, (mark) => ENTITIES[mark]!);
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A number as it stands in an attribute. */
export function hundredths(value: number): string {
  return String(Number(value.toFixed(2)));
}
