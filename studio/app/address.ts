import type { Kind } from "../../src/studio/wire.ts";

export const VIEWS = ["talk", "attn", "train", "how"] as const;
export type View = (typeof VIEWS)[number];

const KINDS: readonly Kind[] = ["cross", "enc", "dec", "align"];
const AGGREGATES = ["one", "mean", "max", "roll"] as const;
const UNITS = ["piece", "word"] as const;
const SHOWN = ["map", "lines"] as const;
const MARKS = ["hidden"] as const;
const SCALES = ["fixed", "row"] as const;

/** What is looked at, as the address has it: copied into another window it gives the same picture. */
export interface Address {
  readonly view: View;
  /** The screen of How it works, from 1. */
  readonly lesson?: number;
  /** The id of the model that was looked at. */
  readonly model?: string;
  /** The name of an example, or a text of one's own. */
  readonly example?: string;
  readonly text?: string;
  /** How the answer is searched for. */
  readonly beam?: number;
  readonly lenPenalty?: number;
  /** Token ids that the answer begins with. */
  readonly force?: readonly number[];
  readonly kind?: Kind;
  /** From 0, as everything of the wire; the address counts from 1. */
  readonly layer?: number;
  readonly head?: number;
  /** Heads that are looked at together with that one. */
  readonly others?: readonly { readonly layer: number; readonly head: number }[];
  readonly row?: number;
  readonly col?: number;
  readonly aggregate?: (typeof AGGREGATES)[number];
  readonly unit?: (typeof UNITS)[number];
  readonly show?: (typeof SHOWN)[number];
  readonly scale?: (typeof SCALES)[number];
  /** In lines: how much of each row is drawn, in percent, and whether marks such as the end are left out. */
  readonly mass?: number;
  readonly marks?: (typeof MARKS)[number];
  /** The step of training that the scrubber stands at. */
  readonly step?: number;
  /** Parts that are left out, for a class: `nav`, `calc`, `occ`. */
  readonly hide?: readonly string[];
}

/** Reads the part of an address after `#`. What it does not know or cannot be is left out. */
export function parseAddress(hash: string): Address {
  const [path, query = ""] = hash.replace(/^#/, "").split("?", 2);
  const [name, screen] = path.split("/", 2);
  const fields = new URLSearchParams(query);
  const oneOf = <Choice extends string>(key: string, choices: readonly Choice[]) =>
    choices.find((choice) => choice === fields.get(key));
  const index = (key: string) => whole(fields.get(key), 1, -1);
  return withoutGaps({
    view: VIEWS.find((view) => view === name) ?? "talk",
    lesson: whole(screen, 1, 0),
    model: fields.get("m") ?? undefined,
    example: fields.get("x") ?? undefined,
    text: fields.get("s") ?? undefined,
    beam: whole(fields.get("beam"), 1, 0),
    lenPenalty: decimal(fields.get("penalty")),
    force: idsOf(fields.get("force")),
    kind: oneOf("kind", KINDS),
    layer: index("l"),
    head: index("h"),
    others: headsOf(fields.get("hs")),
    row: index("i"),
    col: index("j"),
    aggregate: oneOf("agg", AGGREGATES),
    unit: oneOf("unit", UNITS),
    show: oneOf("show", SHOWN),
    scale: oneOf("scale", SCALES),
    mass: share(fields.get("mass")),
    marks: oneOf("marks", MARKS),
    step: whole(fields.get("step"), 0, 0),
    hide: fields.get("hide")?.split(",").filter(Boolean),
  });
}

/** The part of an address from `#` on. */
export function formatAddress(address: Address): string {
  const counted = (index: number | undefined) => (index === undefined ? undefined : String(index + 1));
  const fields: [key: string, value: string | undefined][] = [
    ["m", address.model],
    ["x", address.example],
    ["s", address.text],
    ["beam", address.beam?.toString()],
    ["penalty", address.lenPenalty?.toString()],
    ["force", address.force?.length ? address.force.join(".") : undefined],
    ["kind", address.kind],
    ["l", counted(address.layer)],
    ["h", counted(address.head)],
    ["hs", address.others?.map(({ layer, head }) => `${layer + 1}.${head + 1}`).join("-") || undefined],
    ["i", counted(address.row)],
    ["j", counted(address.col)],
    ["agg", address.aggregate],
    ["unit", address.unit],
    ["show", address.show],
    ["scale", address.scale],
    ["mass", address.mass?.toString()],
    ["marks", address.marks],
    ["step", address.step?.toString()],
    ["hide", address.hide?.length ? address.hide.join(",") : undefined],
  ];
  const given = fields.filter((field): field is [string, string] => field[1] !== undefined);
  const query = new URLSearchParams(given).toString();
  const screen = address.view === "how" && address.lesson ? `/${address.lesson}` : "";
  return `#${address.view}${screen}${query ? `?${query}` : ""}`;
}

/** Heads by layer and number, such as `3.2-4.1`. */
function headsOf(text: string | null): Address["others"] {
  const heads = (text ?? "").split("-").map((pair) => pair.split(".").map((number) => whole(number, 1, -1)));
  const known = heads.flatMap(([layer, head]) => (layer === undefined || head === undefined ? [] : [{ layer, head }]));
  return known.length > 0 ? known : undefined;
}

/** A whole number as it is written, moved by `shift`. */
function whole(text: string | null | undefined, least: number, shift: number): number | undefined {
  if (!text || !/^\d{1,9}$/.test(text) || Number(text) < least) return undefined;
  return Number(text) + shift;
}

function share(text: string | null): number | undefined {
  const percent = whole(text, 0, 0);
  return percent !== undefined && percent <= 100 ? percent : undefined;
}

function decimal(text: string | null): number | undefined {
  return text && /^\d(\.\d{1,2})?$/.test(text) ? Number(text) : undefined;
}

function idsOf(text: string | null): number[] | undefined {
  return text && /^\d{1,9}(\.\d{1,9})*$/.test(text) ? text.split(".").map(Number) : undefined;
}

function withoutGaps(address: Address): Address {
  return Object.fromEntries(Object.entries(address).filter(([, value]) => value !== undefined)) as unknown as Address;
}
