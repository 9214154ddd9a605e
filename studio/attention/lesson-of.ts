import type { Cell, Kind } from "../../src/studio/wire.ts";
import { LESSON_NAMES, type LessonName } from "../lessons/lesson-names.ts";

/** The screen of How it works, from 1, that tells what a cell shows. */
export function lessonOf(kind: Kind, mask: Cell["mask"]): number {
  return LESSON_NAMES.indexOf(nameOf(kind, mask)) + 1;
}

function nameOf(kind: Kind, mask: Cell["mask"]): LessonName {
  if (mask !== null) return mask === "future" ? "lookAhead" : "padding";
  return kind === "enc" ? "selfAttention" : "attention";
}
