import { styleText } from "node:util";

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  accent(text: string): string;
  good(text: string): string;
  warn(text: string): string;
  /** As with a marker on paper. */
  mark(text: string): string;
}

/** Colours for a stream: where a person reads it on a terminal and has not said NO_COLOR. */
export function styleFor(stream: { isTTY?: boolean }): Style {
  const coloured = stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== "dumb";
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    coloured ? styleText(format, text) : text;
  return {
    bold: style("bold"),
    dim: style("dim"),
    accent: style("cyan"),
    good: style("green"),
    warn: style("yellow"),
    mark: style(["black", "bgYellow"]),
  };
}
