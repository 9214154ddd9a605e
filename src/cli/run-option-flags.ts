import { InvalidArgumentError, Option } from "@commander-js/extra-typings";
import { z } from "zod";
import { RunOptions } from "../training/run-options.ts";

type Key = keyof RunOptions;
const KEYS = Object.keys(RunOptions.shape) as Key[];

/** A flag for every option of a run, made from its schema: `numLayers` is `--num-layers <n>`. */
export function runOptionFlags(): Option[] {
  return KEYS.map((key) => {
    const schema = RunOptions.shape[key];
    const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
    const described = (value: string) => new Option(`--${kebab(key)} <${value}>`, schema.description ?? "");
    if (inner instanceof z.ZodEnum) return described("kind").choices(inner.options.map(String));
    const [value, parse] =
      inner instanceof z.ZodBoolean ? (["true|false", booleanOf] as const) : (["n", numberOf] as const);
    return described(value).argParser((text) => checked(schema, parse(text)));
  });
}

/** The options of a run among the values of flags. */
export function givenRunOptions(values: Readonly<Record<string, unknown>>): Partial<RunOptions> {
  return Object.fromEntries(KEYS.filter((key) => values[key] !== undefined).map((key) => [key, values[key]]));
}

/** `dModel` → `d-model` */
export function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
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
