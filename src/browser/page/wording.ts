import type { Language } from "../../explain/wording.ts";

/** What the page says. `{n}` is a number. */
export type PageWording = Readonly<
  Record<
    | "opening"
    | "failed"
    | "welcome"
    | "prompt"
    | "send"
    | "stop"
    | "search"
    | "greedy"
    | "beam"
    | "sampling"
    | "said"
    | "attention"
    | "alternatives"
    | "stopped"
    | "empty"
    | "tooLong"
    | "noWords"
    | "cutOff"
    | "seconds"
    | "score",
    string
  >
>;

export const PAGE_WORDING: Readonly<Record<Language, PageWording>> = {
  en: {
    opening: "Opening the model …",
    failed: "The model could not be opened.",
    welcome: "The model runs in this page; what you type goes nowhere else.",
    prompt: "Type a sentence",
    send: "Send",
    stop: "Stop",
    search: "Answer by",
    greedy: "likeliest piece each time",
    beam: "four beams, with alternatives",
    sampling: "chance, different each time",
    said: "You",
    attention: "Show attention",
    alternatives: "Alternatives",
    stopped: "Stopped here.",
    empty: "(an empty answer)",
    tooLong: "The text is too long: this model reads at most {n} pieces.",
    noWords: "There is no word in it that the model could read.",
    cutOff: "Cut off at the greatest length.",
    seconds: "{n} s",
    score: "score {n}",
  },
  ko: {
    opening: "모델을 여는 중입니다 …",
    failed: "모델을 열지 못했습니다.",
    welcome: "모델은 이 페이지 안에서 돌아가고, 입력한 글은 밖으로 나가지 않습니다.",
    prompt: "문장을 입력하세요",
    send: "보내기",
    stop: "멈춤",
    search: "답하는 방법",
    greedy: "매번 가장 그럴듯한 조각",
    beam: "빔 네 개, 다른 후보도 보기",
    sampling: "뽑기, 할 때마다 다르게",
    said: "나",
    attention: "어텐션 보기",
    alternatives: "다른 후보",
    stopped: "여기서 멈췄습니다.",
    empty: "(빈 답)",
    tooLong: "글이 너무 깁니다. 이 모델은 조각을 {n}개까지 읽습니다.",
    noWords: "모델이 읽을 수 있는 단어가 없습니다.",
    cutOff: "더 길게 쓸 수 없어 여기서 잘렸습니다.",
    seconds: "{n}초",
    score: "점수 {n}",
  },
};
