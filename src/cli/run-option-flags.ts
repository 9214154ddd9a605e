import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { z } from "zod";
import { OPTIONS_OF, type RunOptions } from "../training/run-options.ts";
import { flagName } from "./flag-name.ts";

const SHAPES: readonly Readonly<Record<string, z.ZodType>>[] = Object.values(OPTIONS_OF).map(({ shape }) => shape);
/** Each option with its schemas: one, or that of each task that has it. */
const SCHEMAS = new Map(
  SHAPES.flatMap((shape) => Object.keys(shape)).map((key) => [
    key,
    SHAPES.flatMap((shape) => (key in shape ? [shape[key]] : [])),
  ]),
);

/** A flag for every option of a run, made from the schemas: `numLayers` is `--num-layers <n>`. */
export function runOptionFlags(): Option[] {
  return [...SCHEMAS].map(([key, schemas]) => {
    const inner = schemas.map((schema) => (schema instanceof z.ZodOptional ? schema.unwrap() : schema));
    const described = (value: string) => new Option(`${flagName(key)} <${value}>`, descriptionOf(schemas));
    const choices = inner.flatMap(choicesOf);
    if (choices.length > 0) return described("kind").choices([...new Set(choices)]);
    const [value, parse] =
      inner[0] instanceof z.ZodBoolean ? (["true|false", booleanOf] as const) : (["n", numberOf] as const);
    return described(value).argParser((text) => checked(schemas[0], parse(text)));
  });
}

function choicesOf(schema: unknown): string[] {
  if (schema instanceof z.ZodEnum) return schema.options.map(String);
  return schema instanceof z.ZodLiteral ? [...schema.values].map(String) : [];
}

function descriptionOf(schemas: readonly z.ZodType[]): string {
  return [...new Set(schemas.map(({ description }) => description ?? ""))].join("; of a classifier: ");
}

/**
 * The option that a flag's name and value stand for, such as `num-layers` and `3`.
 *
 * @throws {InvalidArgumentError} when there is no such option, or it cannot have this value
 */
export function runOptionOf(flag: string, text: string): Partial<RunOptions> {
  const [key, schemas] = [...SCHEMAS].find(([one]) => flagName(one) === `--${flag}`) ?? [];
  if (key === undefined || schemas === undefined) throw new InvalidArgumentError(`There is no option ${flag}.`);
  const value = booleanOf(text);
  return { [key]: checked(z.union(schemas as [z.ZodType, ...z.ZodType[]]), value === text ? numberOf(text) : value) };
}

/** The options of a run among the values of flags. */
export function givenRunOptions(values: Readonly<Record<string, unknown>>): Partial<RunOptions> {
  return Object.fromEntries(
    [...SCHEMAS.keys()].filter((key) => values[key] !== undefined).map((key) => [key, values[key]]),
  );
}

function checked(schema: z.ZodType, value: unknown): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`${parsed.error.issues[0].message}.`);
}

function numberOf(text: string): unknown {
  return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

function booleanOf(text: string): unknown {
  return text === "true" ? true : text === "false" ? false : text;
}
