import * as fc from "fast-check";

/** A few lines of Korean and English, written for these tests. */
export const corpus = [
  "오늘 날씨가 참 좋네요.",
  "내일 날씨도 좋을까요?",
  "영화 볼래?",
  "무슨 영화를 볼까요?",
  "슬픈 영화는 보고 싶지 않아요.",
  "재미있는 영화를 보고 싶어요!",
  "같이 저녁 먹으러 갈래?",
  "저녁은 뭘 먹을까요?",
  "맛있는 걸 먹고 싶어요.",
  "맛있는 저녁을 먹은 것 같아요.",
  "오늘은 정말 행복한 것 같아요.",
  "행복한 하루 보내세요!",
  "하루가 또 가네요.",
  "하루 종일 비가 오네요, 우산 챙기세요.",
  "비가 오면 커피가 마시고 싶어요.",
  "커피 한 잔 할래?",
  "좋아요, 같이 마셔요.",
  "ㅋㅋㅋㅋ 너무 웃겨요 ㅋㅋㅋ",
  "ㅠㅠ 너무 슬퍼요...",
  "괜찮아요, 다 잘 될 거예요.",
  "I want to see a movie.",
  "Do you want to see the movie?",
  "The weather is nice today, isn't it?",
  "Attention is all you need (2017).",
  "안녕하세요 (hello) 😀",
  "이메일은 someone@example.com 입니다.",
  "가격은 3,500원이에요.",
  '그는 "안녕"이라고 말했어요.',
];

const awkward = [
  ...["<end>", "<pad>", "<start>", "<unk>", "<0xEC>", "##", "##하", "▁", "▁영화", "#", "<", "$&", "\\", "__proto__"],
  ...[" ", "  ", "\n", "\r\n", "\t", "\u0085", "\u00A0", "\u3000", "\u2028", "\uFEFF", "\u200D", "\0", "\x1C", "\x7F"],
  ...["영화", "볼래", "?", " ?", "...", "! ", ",", "각".normalize("NFD"), "ᄀ", "ᆨ", "ㅋㅋ", "é", "e\u0301", "\u0301"],
  ...["Σ", "ΟΔΟΣ", "İ", "ẞ", "①", "？", "ﬁ", "😀", "👩‍👩‍👧", "🇰🇷", "뷁", "\u{10FFFF}", "\uFFFD", "a".repeat(80)],
];

/** Any text, of any code points, with the strings that tokenizers stumble over. */
export const anyText = fc
  .array(
    fc.oneof(fc.constantFrom(...awkward), fc.constantFrom(...corpus), fc.string({ unit: "binary", maxLength: 4 })),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(""));
