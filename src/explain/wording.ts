import type { AttentionKind, ExplainedText, Mask } from "./attention-map.ts";
import type { AttentionView, SUMMARIES } from "./attention-view.ts";

/** The languages of labels. */
export const LANGUAGES = ["en", "ko"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What stands around a map, but for numbers and the text itself. */
export interface Wording {
  readonly kinds: Readonly<Record<AttentionKind, string>>;
  /** The title of the columns. */
  readonly keys: string;
  /** The title of the rows. */
  readonly queries: Readonly<Record<AttentionKind, string>>;
  /** `{n}` is a number. */
  readonly layer: string;
  readonly head: string;
  /** What is made of `{n}` heads. */
  readonly summaries: Readonly<Record<(typeof SUMMARIES)[number], string>>;
  readonly allHeads: string;
  readonly allLayers: string;
  /** How a map is read. */
  readonly reading: string;
  readonly rowSums: string;
  readonly max: string;
  readonly rollout: string;
  readonly pooling: string;
  /** What the end of the ramp is where rows are fitted to it. */
  readonly fitRows: string;
  readonly masks: Readonly<Record<Mask, string>>;
  readonly given: string;
  readonly cut: string;
  /** Of the page alone. `{query}`, `{key}` and `{weight}` are those of a cell. */
  readonly page: Readonly<
    Record<
      | "title"
      | "kind"
      | "layer"
      | "head"
      | "show"
      | "tokens"
      | "words"
      | "overview"
      | "cell"
      | "hidden"
      | "padding"
      | "hint",
      string
    >
  >;
}

export const WORDING: Readonly<Record<Language, Wording>> = {
  en: {
    kinds: {
      encoder: "Encoder self-attention",
      decoder: "Decoder self-attention",
      cross: "Cross-attention",
      alignment: "Alignment",
      pooling: "Attention pooling",
    },
    keys: "word looked at",
    queries: {
      encoder: "word that asks",
      decoder: "word that asks",
      cross: "word being written",
      alignment: "word being written",
      pooling: "class",
    },
    layer: "layer {n}",
    head: "head {n}",
    summaries: { mean: "mean of {n} heads", max: "largest of {n} heads", rollout: "rollout" },
    allHeads: "all heads",
    allLayers: "all layers",
    reading: "The word in the row asks; the word in the column is looked at.",
    rowSums: "Each row adds up to 100%.",
    max: "Each cell is the most that any head gives; rows add up to more than 100%.",
    rollout:
      "How much of each word in the columns has come into the word in the row, through all layers up to this one.",
    pooling: "The deeper the colour, the more of the attention the word got. All words add up to 100%.",
    fitRows: "100% = the largest in its row",
    masks: { future: "look-ahead mask", padding: "padding mask" },
    given: "target given",
    cut: "{n} tokens were not read",
    page: {
      title: "attention",
      kind: "Attention",
      layer: "Layer",
      head: "Head",
      show: "Show",
      tokens: "Pieces",
      words: "Words",
      overview: "All layers and heads",
      cell: "At ‘{query}’ the model puts {weight} of its attention on ‘{key}’.",
      hidden: "‘{query}’ does not see ‘{key}’: it comes later.",
      padding: "‘{query}’ does not see ‘{key}’: it only fills up the batch.",
      hint: "Point at a cell, or press Tab and the arrow keys.",
    },
  },
  ko: {
    kinds: {
      encoder: "인코더 셀프 어텐션",
      decoder: "디코더 셀프 어텐션",
      cross: "교차 어텐션",
      alignment: "정렬",
      pooling: "어텐션 풀링",
    },
    keys: "바라보는 단어",
    queries: {
      encoder: "묻는 단어",
      decoder: "묻는 단어",
      cross: "쓰는 단어",
      alignment: "쓰는 단어",
      pooling: "분류",
    },
    layer: "{n}층",
    head: "{n}번 헤드",
    summaries: { mean: "헤드 {n}개 평균", max: "헤드 {n}개 중 최댓값", rollout: "롤아웃" },
    allHeads: "모든 헤드",
    allLayers: "모든 층",
    reading: "행의 단어가 묻고, 열의 단어를 바라봅니다.",
    rowSums: "한 행을 모두 더하면 100%입니다.",
    max: "칸마다 어느 헤드든 가장 크게 본 값이어서, 한 행의 합은 100%를 넘습니다.",
    rollout: "이 층까지 모든 층을 거치며 열의 단어가 행의 단어에 얼마나 섞였는지 보여 줍니다.",
    pooling: "색이 짙은 단어일수록 어텐션을 많이 받았습니다. 모두 더하면 100%입니다.",
    fitRows: "100% = 그 행의 최댓값",
    masks: { future: "룩어헤드 마스크", padding: "패딩 마스크" },
    given: "주어진 문장",
    cut: "토큰 {n}개는 읽지 않았습니다",
    page: {
      title: "어텐션",
      kind: "어텐션",
      layer: "층",
      head: "헤드",
      show: "보기",
      tokens: "조각",
      words: "단어",
      overview: "모든 층과 헤드",
      cell: "‘{query}’ 자리는 어텐션의 {weight}를 ‘{key}’에 둡니다.",
      hidden: "‘{query}’ 자리는 뒤에 오는 ‘{key}’ 단어를 볼 수 없습니다.",
      padding: "‘{query}’ 자리는 길이를 맞추려고 채운 ‘{key}’ 칸을 볼 수 없습니다.",
      hint: "칸을 가리키거나, Tab과 화살표 키로 옮겨 다니세요.",
    },
  },
};

/** A phrase with its number. */
function filled(phrase: string, number: number): string {
  return phrase.replace("{n}", String(number));
}

/** A head, or what was made of all. */
export function headName({ head, of }: Pick<AttentionView, "head" | "of">, wording: Wording): string {
  return typeof head === "number" ? filled(wording.head, head + 1) : filled(wording.summaries[head], of);
}

/** The heading of some views of one kind: what they share. */
export function titleOf(views: readonly AttentionView[], wording: Wording): string {
  const [{ kind, layer, head, of }] = views;
  const single = {
    layer: views.every((view) => view.layer === layer),
    head: views.every((view) => view.head === head),
  };
  const oneLook = kind === "alignment" || kind === "pooling";
  return [
    wording.kinds[kind],
    ...(oneLook ? [] : [single.layer ? filled(wording.layer, layer + 1) : wording.allLayers]),
    ...(of === 1 ? [] : [single.head ? headName(views[0], wording) : wording.allHeads]),
  ].join(" · ");
}

/** What a view is among others: its layer and its head, where they differ. */
export function headingOf(view: AttentionView, views: readonly AttentionView[], wording: Wording): string {
  const differ = (key: "layer" | "head") => views.some((other) => other[key] !== view[key]);
  return [
    ...(differ("layer") ? [filled(wording.layer, view.layer + 1)] : []),
    ...(differ("head") ? [headName(view, wording)] : []),
  ].join(" · ");
}

/** The text, and what the model made of it. */
export function exampleOf({ text, target, label, cut }: ExplainedText, wording: Wording): string {
  const notes = [...(target?.given ? [wording.given] : []), ...(cut > 0 ? [filled(wording.cut, cut)] : [])];
  const made = target?.text ?? (label && `${label.name} ${percentOf(label.probability)}`);
  return `${text} → ${made}${notes.length > 0 ? ` (${notes.join(", ")})` : ""}`;
}

/** How views of this kind are to be read. */
export function readingOf({ kind, head }: Pick<AttentionView, "kind" | "head">, wording: Wording): string {
  if (kind === "pooling") return wording.pooling;
  if (head === "max") return `${wording.reading} ${wording.max}`;
  if (head === "rollout") return `${wording.rollout} ${wording.rowSums}`;
  return `${wording.reading} ${wording.rowSums}`;
}

/** `12.3%` */
export function percentOf(weight: number): string {
  return `${(100 * weight).toFixed(1)}%`;
}
