/** A file of a typeface, with the letters that are taken from it and the weights that it has. */
export interface Face {
  readonly file: ArrayBuffer;
  readonly range?: string;
  readonly weights?: string;
}

const FAMILY = "Noto Sans KR Variable";

/** The files of the page's own typeface that have these letters, whole: a page cannot cut letters out of them. */
export async function facesOf(letters: string): Promise<Face[]> {
  const codes = [...letters].map((letter) => letter.codePointAt(0)!);
  const rules = [...document.styleSheets]
    .flatMap((sheet) => [...sheet.cssRules].map((rule) => ({ rule, sheet: sheet.href ?? document.baseURI })))
    .flatMap(({ rule, sheet }) => (rule instanceof CSSFontFaceRule ? [{ style: rule.style, sheet }] : []));
  const wanted = rules.filter(({ style }) => {
    const has = spansOf(style.getPropertyValue("unicode-range"));
    const name = style.getPropertyValue("font-family").replaceAll('"', "");
    return name === FAMILY && codes.some((code) => has.some(([first, last]) => code >= first && code <= last));
  });
  return Promise.all(
    wanted.map(async ({ style, sheet }) => {
      const [, address] = /url\("?([^")]+)"?\)/.exec(style.getPropertyValue("src"))!;
      const response = await fetch(new URL(address, sheet));
      if (!response.ok) throw new Error(`${address}: the server says ${response.status}`);
      return {
        file: await response.arrayBuffer(),
        range: style.getPropertyValue("unicode-range"),
        weights: style.getPropertyValue("font-weight"),
      };
    }),
  );
}

/** The first and last code of each part of a `unicode-range`, such as `U+AC00-D7A3, U+4E00`. */
function spansOf(range: string): (readonly [first: number, last: number])[] {
  return [...range.matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/gi)].map(([, first, last = first]) => [
    Number.parseInt(first, 16),
    Number.parseInt(last, 16),
  ]);
}
