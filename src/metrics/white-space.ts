// What Python's `str.split` takes for white space, which sacreBLEU is written with. JavaScript's `\s` is another set:
// it has U+FEFF, and has neither U+0085 nor the separators U+001C … U+001F.
const blanks = "[\\p{White_Space}\\u{1C}-\\u{1F}]+";
const runOfBlanks = new RegExp(blanks, "u");
const blanksAtEnd = new RegExp(`${blanks}$`, "u");

/** The words of a text: what stands between white space. */
export function splitWords(text: string): string[] {
  return text.split(runOfBlanks).filter((word) => word !== "");
}

/** The text without the white space at its end. */
export function withoutBlanksAtEnd(text: string): string {
  return text.replace(blanksAtEnd, "");
}
