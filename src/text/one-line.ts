// Everything that some program takes for a line break: Unicode's (UAX #14, BK, CR, LF and NL), and U+001C … U+001E,
// where Python's `str.splitlines` ends a line.
const lineBreak = "[\\n\\v\\f\\r\\u{1C}-\\u{1E}\\u{85}\\u{2028}\\u{2029}]";
const lineBreaks = new RegExp(`${lineBreak}+`, "gu");

/** A text on one line: each run of line breaks becomes a blank, and there are no blanks at either end. */
export function oneLine(text: string): string {
  return text.replace(lineBreaks, " ").trim();
}
