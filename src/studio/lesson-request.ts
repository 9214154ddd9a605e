import * as z from "zod";
import type { LessonRequest } from "./studio-model.ts";

const index = z.coerce.number().int().min(0);

/** How many texts a padded batch is filled up to. */
const TEXTS = 3;

/**
 * What a screen of "How it works" asks for, by its number; others have no numbers of their own.
 *
 * @param src what a text may be
 * @param beams how many a search may have at the most
 */
export function lessonRequest(src: z.ZodType<string>, beams: number) {
  const screens = ["2", "4", "5", "6", "7", "8", "9"] as const;
  const kind = z.enum(["cross", "enc", "dec", "align"]).default("enc");
  return {
    params: z.strictObject({ screen: z.enum(screens) }),
    fields: z.strictObject({
      src,
      kind,
      l: index.default(0),
      h: index.default(0),
      from: index.default(0),
      to: index.default(0),
      beam: z.coerce.number().int().min(1).max(beams).optional(),
      lenPenalty: z.coerce.number().min(0).max(5).optional(),
      force: z
        .string()
        .regex(/^\d{1,9}(\.\d{1,9})*$/)
        .transform((ids) => ids.split(".").map(Number))
        .optional(),
    }),
  };
}

type Asked = z.output<ReturnType<typeof lessonRequest>["fields"]>;

/** @param examples that a padded batch is filled up with */
export function lessonAsked(
  screen: z.output<ReturnType<typeof lessonRequest>["params"]>["screen"],
  { src, kind, l, h, from, to, ...search }: Asked,
  examples: readonly string[],
): LessonRequest {
  const place = { layer: l, head: h };
  if (screen === "9") return { about: "position", src, from, to, ...place };
  if (screen !== "7") return { about: "head", src, kind, search, ...place };
  const texts = src.split("\n");
  const others = examples.filter((example) => !texts.includes(example));
  return { about: "padding", texts: [...texts, ...others.slice(0, Math.max(0, TEXTS - texts.length))], ...place };
}
