/** The screens of How it works, in their order. */
export const LESSON_NAMES = [
  "bottleneck",
  "attention",
  "scores",
  "selfAttention",
  "scaling",
  "heads",
  "padding",
  "lookAhead",
  "position",
  "residual",
  "forcing",
  "warmUp",
  "path",
  "beam",
] as const;
export type LessonName = (typeof LESSON_NAMES)[number];
