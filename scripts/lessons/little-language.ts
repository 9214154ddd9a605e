import type { Example } from "../../src/data/batches.ts";
import { Random } from "../../src/random/random.ts";

/** Korean words and what they are in English; of a verb several words, the commonest first. */
const SUBJECTS = { 나는: "I", 우리는: "we", 민수는: "Minsu", 지우는: "Jiwoo", 엄마는: "Mom" };
const TIMES = { 어제: "yesterday", 아까: "earlier", 오늘: "today" };
const OBJECTS = { 책을: "a book", 우산을: "an umbrella", 사과를: "an apple", 표를: "a ticket", 공을: "a ball" };
const PLACES = { 도서관에서: "at the library", 가게에서: "at the shop", 역에서: "at the station" };
const VERBS = {
  빌렸다: ["borrowed", "got", "took"],
  샀다: ["bought", "got", "chose"],
  찾았다: ["found", "spotted", "saw"],
  보았다: ["saw", "watched", "noticed"],
};
/** How often a verb is each of its words where a sentence begins with its subject. */
const SHARES = [0.4, 0.32, 0.28];
/** How often an English sentence with a time begins with it; then the verb is the commonest word. */
const TIME_FIRST = 0.38;

export const [PAD, START, END] = [0, 1, 2];

/** Every word by its id. */
export const WORDS: readonly string[] = wordsOf();
const IDS = new Map(WORDS.map((word, id) => [word, id]));

function wordsOf(): string[] {
  const korean = [SUBJECTS, TIMES, OBJECTS, PLACES, VERBS].flatMap((kind) => Object.keys(kind));
  const english = [SUBJECTS, TIMES, OBJECTS, PLACES].flatMap((kind) => Object.values(kind).join(" ").split(" "));
  const verbs = Object.values(VERBS).flat();
  return ["<pad>", "<start>", "<end>", ".", ...new Set([...korean, ...english, ...verbs, ...english.map(capital)])];
}

/** The ids of words that stand between spaces. */
export function idsOf(sentence: string): number[] {
  return sentence.split(" ").map((word) => {
    const id = IDS.get(word);
    if (id === undefined) throw new Error(`little language: there is no word ${word}`);
    return id;
  });
}

/** A sentence with `<start>` and `<end>`. */
export function framed(sentence: string): Int32Array {
  return Int32Array.of(START, ...idsOf(sentence), END);
}

/** Pairs of sentences, drawn at random. */
export function pairs(seed: number, count: number): Example[] {
  const random = Random.of(seed, "little language");
  return Array.from({ length: count }, () => {
    const { korean, english } = pair(random);
    return { source: framed(korean), target: framed(english) };
  });
}

function pair(random: Random): { korean: string; english: string } {
  const one = <T>(kind: Readonly<Record<string, T>>) => Object.entries(kind)[random.integer(Object.keys(kind).length)];
  const [subject, time, object, place, verb] = [one(SUBJECTS), one(TIMES), one(OBJECTS), one(PLACES), one(VERBS)];
  const [withTime, withPlace] = [random.uniform() < 0.7, random.uniform() < 0.6];
  // The order of a Korean sentence is free but for its verb.
  const parts = [withPlace ? place[0] : "", object[0]];
  const opening = [subject[0], withTime ? time[0] : ""];
  const korean = [
    ...(random.uniform() < 0.3 ? opening.reverse() : opening),
    ...(random.uniform() < 0.3 ? parts.reverse() : parts),
    verb[0],
    ".",
  ];
  const timeFirst = withTime && random.uniform() < TIME_FIRST;
  const chosen = timeFirst ? verb[1][0] : verb[1][drawn(random, SHARES)];
  const english = [
    timeFirst ? capital(time[1]) : "",
    timeFirst ? subject[1] : capital(subject[1]),
    chosen,
    object[1],
    withPlace ? place[1] : "",
    withTime && !timeFirst ? time[1] : "",
    ".",
  ];
  return { korean: joined(korean), english: joined(english) };
}

function drawn(random: Random, shares: readonly number[]): number {
  let left = random.uniform();
  const at = shares.findIndex((share) => {
    left -= share;
    return left < 0;
  });
  return at < 0 ? shares.length - 1 : at;
}

function capital(word: string): string {
  return word[0].toUpperCase() + word.slice(1);
}

function joined(words: readonly string[]): string {
  return words.filter((word) => word !== "").join(" ");
}
