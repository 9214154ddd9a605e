import type { TextStyle } from "./text-block.ts";

export const PAPER = "#ffffff";
export const GRID = "#e5edee";
export const EDGE = "#728488";

const INK = "#0e2128";
const INK2 = "#3b4e55";
const INK3 = "#56686e";

/** Fonts with Hangul, by system: the first that is there is used. */
export const FONTS = [
  "'Noto Sans KR Variable'",
  "'Noto Sans KR'",
  "'Noto Sans CJK KR'",
  "'Apple SD Gothic Neo'",
  "'Malgun Gothic'",
  "NanumGothic",
  "system-ui",
  "sans-serif",
].join(", ");

export const TITLE: TextStyle = { size: 17, line: 27, weight: 650, fill: INK };
export const SUBTITLE: TextStyle = { size: 13, line: 20, weight: 400, fill: INK2 };
export const HEADING: TextStyle = { size: 13, line: 20, weight: 650, fill: INK };
export const NAME: TextStyle = { size: 13, line: 20, weight: 400, fill: INK };
export const LABEL: TextStyle = { size: 12, line: 18, weight: 400, fill: INK2 };
export const TICK: TextStyle = { size: 12, line: 18, weight: 400, fill: INK3 };
