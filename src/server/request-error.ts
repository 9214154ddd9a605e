import type { z } from "zod";
import { ApiError } from "./api-error.ts";
import { outOfBounds } from "./bounds.ts";

/** Problems of values that are of the right kind. */
const OF_VALUES = new Set(["too_big", "too_small", "invalid_format", "not_multiple_of"]);

/** What is wrong with the body of a request: 400 where it has not the right shape, 422 where a value is out of bounds. */
export function requestError({ issues }: z.ZodError, body: unknown): ApiError {
  const issue = issues.find(({ code }) => !OF_VALUES.has(code)) ?? issues[0];
  const param = [...issue.path.map(String), ...(issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [])].join(
    ".",
  );
  const message = (problem: string) => `${param === "" ? "the body" : param}: ${problem}`;
  const details = param === "" ? {} : { param };
  if (!OF_VALUES.has(issue.code)) {
    return new ApiError(400, "invalid_request", message(problemOf(issue, body)), details);
  }
  if (issue.code !== "too_big" && issue.code !== "too_small") {
    return new ApiError(422, "invalid_value", message(issue.message), details);
  }
  const { en, ko } = outOfBounds(issue, valueAt(issue, body));
  // The one field that a person writes by hand is called what it is.
  const told = param === "src" ? `문장이 ${ko}` : `${param}: ${ko}`;
  return new ApiError(422, "invalid_value", message(en), { ...details, ko: told });
}

function problemOf(issue: z.core.$ZodIssue, body: unknown): string {
  if (issue.code === "unrecognized_keys") return "there is no such field";
  if (issue.code !== "invalid_type") return issue.message;
  const value = valueAt(issue, body);
  const came =
    value === undefined ? "nothing" : value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
  return `must be ${issue.expected}, not ${came}`;
}

function valueAt({ path }: z.core.$ZodIssue, body: unknown): unknown {
  return path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], body);
}
