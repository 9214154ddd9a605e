import type { Tokenizer } from "../text/tokenizer.ts";
import type { Example, ModelCard } from "./wire.ts";

/** Sentences to begin with, by what a model does and the language it reads. */
const SENTENCES: Readonly<Record<ModelCard["task"], readonly (readonly string[])[]>> = {
  chat: [
    ["오늘 너무 피곤해", "내일 뭐 하지?", "커피 마시고 싶다", "시험이 걱정돼", "심심한데 뭐 할까?"],
    ["I am so tired today", "What shall we do tomorrow?", "I would like some coffee", "Are you hungry?"],
  ],
  translate: [
    ["어제 도서관에서 책을 빌렸다.", "오늘은 조금 피곤하다.", "비가 와서 집에 있었다.", "우리는 저녁을 같이 먹었다."],
    ["Two dogs are running on the grass.", "A man is reading a book.", "The children are playing outside."],
  ],
  classify: [
    ["배우들의 연기가 정말 좋았어요", "시간이 아까운 영화였다", "음식은 맛있는데 너무 비싸요"],
    ["a warm and funny film", "this was a waste of time", "great acting but a weak story"],
  ],
};

/** How many times the tokens of a chatbot's own texts our small talk may take: more, and it talks of something else. */
const DEARER = 1.25;

/**
 * Sentences to begin with: the model's own, but for a chatbot to which our small talk is no stranger; or where none are
 * known, ours in the language that its tokenizer knows best, cut into the fewest tokens a byte. (A tokenizer of two
 * languages does not tell from which one is translated.)
 *
 * @param own short texts of the data that the model was trained with
 */
export function examplesFor(tokenizer: Tokenizer, task: ModelCard["task"], own: readonly string[] = []): Example[] {
  const known = SENTENCES[task].map((sentences) => ({ sentences, cost: costOf(tokenizer, sentences) }));
  const [ours] = known.sort((a, b) => a.cost - b.cost);
  const strange = own.length > 0 && (task !== "chat" || ours.cost > DEARER * costOf(tokenizer, own));
  return (strange ? own : ours.sentences).map((src, i) => ({ id: `e${i + 1}`, src }));
}

/** Tokens a byte, since languages differ in what a letter holds; an unknown word says nothing, so it costs as its bytes. */
function costOf(tokenizer: Tokenizer, sentences: readonly string[]): number {
  const text = sentences.join(" ");
  const bytes = new TextEncoder().encode(text).length;
  const ids = tokenizer.encode(text);
  const unknown = ids.filter((id) => id === tokenizer.unknownId).length;
  return (ids.length + (unknown * bytes) / ids.length) / bytes;
}
