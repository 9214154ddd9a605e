import { type Problem, shorten } from "./data-error.ts";
import type { Line } from "./lines.ts";
import type { Column, Row } from "./row.ts";

/** The object on a line of a JSONL file; undefined if there is none. */
export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The rows of JSONL lines, one object a line; blank lines are no rows. */
export function jsonRows(file: string, lines: readonly Line[], columns: readonly Column[]): (Row | Problem)[] {
  return lines.filter(({ text }) => text.trim() !== "").map((line) => jsonRow(file, line, columns));
}

function jsonRow(file: string, { number, text, defect }: Line, columns: readonly Column[]): Row | Problem {
  const problem = (reason: string): Problem => ({ file, line: number, reason, value: shorten(text) });
  if (defect !== undefined) return problem(defect);
  const object = jsonObject(text);
  if (object === undefined) return problem("not a JSON object");
  const fields: string[] = [];
  for (const { name, scalars } of columns) {
    if (!Object.hasOwn(object, name)) return problem(`no key "${name}"`);
    const value = object[name];
    if (typeof value === "string") fields.push(value);
    else if (scalars && (typeof value === "number" || typeof value === "boolean")) fields.push(String(value));
    else return problem(`"${name}" is ${kindOf(value)}, not a string`);
  }
  return { line: number, fields };
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
