/** Column names that go together: the source's first, then the target's. */
const PAIRS: readonly [source: string, target: string][] = [
  ["q", "a"],
  ["source", "target"],
  ["src", "tgt"],
  ["src", "trg"],
  ["question", "answer"],
  ["input", "output"],
  ["prompt", "response"],
  ["prompt", "completion"],
  ["instruction", "response"],
  ["instruction", "output"],
  ["질문", "답변"],
  ["질문", "대답"],
  ["질문", "답"],
  ["원문", "번역문"],
];

/** Two of these go together too; the one that stands first is the source. */
const LANGUAGES = words(
  "ar cs de en es fi fr hi it ja ko nl pl pt ru sv tr uk vi zh english korean german french spanish japanese chinese 영어 한국어 독일어 프랑스어 일본어 중국어",
);

const TEXTS = words("text texts document sentence review comment content body 텍스트 문장 리뷰 본문 내용");
const LABELS = words("label labels class category sentiment 라벨 감정 분류 범주");

/** Other names that mark a first row as a header. */
const OTHERS = words("id idx index line split group situation emotion attribution 번호 상황");

const KNOWN = new Set([...PAIRS.flat(), ...LANGUAGES, ...TEXTS, ...LABELS, ...OTHERS]);

/** Every pair of columns, from 0, that these names suggest for source and target. */
export function suggestedPairs(names: readonly string[]): { source: number; target: number }[] {
  const plain = names.map(plainName);
  const pairs = PAIRS.map(([source, target]) => ({ source: plain.indexOf(source), target: plain.indexOf(target) }));
  const languages = plain.flatMap((name, index) => (LANGUAGES.has(name) ? [index] : []));
  for (const [i, source] of languages.entries()) {
    for (const target of languages.slice(i + 1)) pairs.push({ source, target });
  }
  return pairs.filter(({ source, target }) => source >= 0 && target >= 0);
}

/** Whether the fields of a first row are column names: they suggest a pair, or all of them are well known. */
export function isHeader(fields: readonly string[]): boolean {
  const plain = fields.map(plainName);
  if (new Set(plain).size < plain.length) return false;
  return suggestedPairs(fields).length > 0 || plain.every((name) => KNOWN.has(name));
}

/** Whether a column of this name holds texts to be classified. */
export function isTextName(name: string): boolean {
  return TEXTS.has(plainName(name));
}

/** Whether a column of this name holds classes. */
export function isLabelName(name: string): boolean {
  return LABELS.has(plainName(name));
}

/** A name as names are compared: without outer blanks and letter case, composed. */
export function plainName(name: string): string {
  return name.trim().normalize("NFC").toLowerCase();
}

function words(text: string): Set<string> {
  return new Set(text.split(" "));
}
