import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Responder } from "../../src/decoding/responder.ts";
import type { SearchOptions } from "../../src/decoding/search-options.ts";
import { type Answering, type Translation, translate } from "../../src/decoding/translate.ts";
import { Random } from "../../src/random/random.ts";
import { transformer } from "../explain/small-models.ts";
import { testEngine } from "../numeric/check-gradients.ts";

async function translated(model: Answering, lines: Iterable<string>, options?: SearchOptions): Promise<Translation[]> {
  const all: Translation[] = [];
  for await (const translation of translate(model, lines, options)) all.push(translation);
  return all;
}

/** Says texts in capitals, and notes what it was asked; every word is a token. */
class Shouting implements Answering {
  readonly maxTokens = 10;
  readonly asked: (readonly string[])[] = [];
  readonly #answer: (text: string) => string;

  constructor(answer = (text: string) => text.toUpperCase()) {
    this.#answer = answer;
  }

  countTokens(text: string): number {
    return text.match(/\S+/gu)?.length ?? 0;
  }

  async answerAll(texts: readonly string[], { nBest = 1, signal }: SearchOptions = {}) {
    signal?.throwIfAborted();
    this.asked.push(texts);
    return texts.map((text) => {
      const ways = Array.from({ length: nBest }, (_, i) => ({
        answer: this.#answer(text) + "?".repeat(i),
        score: -text.length * (i + 1),
        penalisedScore: -this.countTokens(text) * (i + 1),
        finished: !text.includes("endless"),
      }));
      return { ...ways[0], ...(nBest > 1 && { nBest: ways }) };
    });
  }
}

describe("translate", () => {
  it("keeps the order of lines, whatever order they are worked on in", async () => {
    const random = Random.of(1, "lines");
    const lines = Array.from({ length: 1500 }, (_, i) => `${i}${" w".repeat(random.integer(9))}`);
    const model = new Shouting();
    const all = await translated(model, lines);
    expect(all.map(({ translation }) => translation)).toEqual(lines.map((line) => line.toUpperCase()));
    expect(all.map(({ line, input }) => [line, input])).toEqual(lines.map((line, i) => [i + 1, line]));
    expect(all[0]).toEqual({
      line: 1,
      input: lines[0],
      translation: lines[0].toUpperCase(),
      parts: 1,
      ...{
        score: -lines[0].length,
        penalisedScore: -model.countTokens(lines[0]),
        finished: true,
      },
    });
    // Batches of sixty-four, hardly padded.
    expect(model.asked.every(({ length }) => length <= 64)).toBe(true);
    expect(model.asked.length).toBeLessThan(27);
    const padding = model.asked.flatMap((batch) => {
      const tokens = batch.map((text) => model.countTokens(text));
      return tokens.map((count) => Math.max(...tokens) - count);
    });
    expect(padding.reduce((sum, count) => sum + count) / 1500).toBeLessThan(0.5);
  });

  it("holds so many lines and no more, however many there are", async () => {
    let read = 0;
    const lines = (function* () {
      for (; read < 20_000; read++) yield `line ${read % 1000} ${"x".repeat(50)}`;
    })();
    let given = 0;
    let ahead = 0;
    for await (const { line } of translate(new Shouting(), lines)) {
      given = line;
      ahead = Math.max(ahead, read - given);
    }
    expect(given).toBe(20_000);
    expect(ahead).toBeLessThanOrEqual(513);
  }, 60_000);

  it("asks long lines in smaller batches", async () => {
    const model = { ...new Shouting(), maxTokens: 2000 };
    const shouting = Object.assign(new Shouting(), model);
    await translated(
      shouting,
      Array.from({ length: 40 }, (_, i) => `${i}${" w".repeat(199)}`),
    );
    expect(shouting.asked.map(({ length }) => length)).toEqual([10, 10, 10, 10]);
    shouting.asked.length = 0;
    await translated(shouting, [" w".repeat(1999), "x"]);
    expect(shouting.asked.map(({ length }) => length)).toEqual([1, 1]);
  });

  it("asks equal lines once", async () => {
    const model = new Shouting();
    const all = await translated(model, ["again", "once", "again", "again"]);
    expect(all.map(({ translation }) => translation)).toEqual(["AGAIN", "ONCE", "AGAIN", "AGAIN"]);
    expect(model.asked.flat().sort()).toEqual(["again", "once"]);
  });

  it("gives empty lines for those without words, and asks nothing", async () => {
    const model = new Shouting();
    const [first, ...others] = await translated(model, ["", "  ", "\t\u3000"]);
    expect(first).toEqual({
      line: 1,
      input: "",
      translation: "",
      parts: 0,
      score: 0,
      penalisedScore: 0,
      finished: true,
    });
    expect(others.map(({ input, translation }) => [input, translation])).toEqual([
      ["  ", ""],
      ["\t\u3000", ""],
    ]);
    expect(model.asked).toEqual([]);
    expect((await translated(model, ["", "word"])).map(({ translation }) => translation)).toEqual(["", "WORD"]);
    expect(await translated(model, [])).toEqual([]);
  });

  it("never gives a line break", async () => {
    const breaks = "a\nb\r\nc\u2028d\u0085e\vf\fg\n";
    const [{ translation, nBest }] = await translated(new Shouting(() => breaks), ["x"], { nBest: 2, beam: 2 });
    expect(translation).toBe("a b c d e f g");
    expect(nBest!.map((way) => way.translation)).toEqual(["a b c d e f g", "a b c d e f g ?"]);
  });

  it("translates a line that is too long part by part", async () => {
    const model = new Shouting((text) => (text.startsWith("Silence") ? "" : text.toUpperCase()));
    const long = "One two three four. Silence. Five six seven endless. Eight nine ten eleven!";
    const [first, second] = await translated(model, [long, "short"]);
    expect(first).toMatchObject({
      translation: "ONE TWO THREE FOUR. FIVE SIX SEVEN ENDLESS. EIGHT NINE TEN ELEVEN!",
      parts: 4,
      penalisedScore: -13,
      finished: false,
    });
    expect(second).toMatchObject({ translation: "SHORT", parts: 1, finished: true });
  });

  it("joins parts in the best ways", async () => {
    // Of three and of ten words: costs 3, 6 and 10, 20 … a way; the cheapest sums are 13, 16 and 19.
    const [{ nBest, translation }] = await translated(new Shouting(), ["A b c. D e f g h i j k l m."], {
      nBest: 3,
      beam: 3,
    });
    expect(nBest!.map((way) => [way.translation, way.penalisedScore])).toEqual([
      ["A B C. D E F G H I J K L M.", -13],
      ["A B C.? D E F G H I J K L M.", -16],
      ["A B C.?? D E F G H I J K L M.", -19],
    ]);
    expect(translation).toBe(nBest![0].translation);
  });

  it("refuses options that do not fit", async () => {
    await expect(translated(new Shouting(), [], { nBest: 2 })).rejects.toThrow("nBest: must not be more than beam");
  });

  it("gives what is done before it is stopped, and then the reason", async () => {
    const controller = new AbortController();
    const model = new Shouting();
    const lines = Array.from({ length: 2000 }, (_, i) => `line ${i}`);
    const given: number[] = [];
    const stopped = async () => {
      for await (const { line } of translate(model, lines, { signal: controller.signal })) {
        given.push(line);
        if (line === 700) controller.abort(new Error("enough"));
      }
    };
    await expect(stopped()).rejects.toThrow("enough");
    expect(given).toEqual(Array.from(given, (_, i) => i + 1));
    expect(given.length).toBeGreaterThanOrEqual(700);
    expect(given.length).toBeLessThan(1100);
  });
});

describe("translate with a model", () => {
  let responder: Responder;
  beforeAll(async () => {
    responder = await Responder.compile(await testEngine(), transformer());
  });
  afterAll(() => responder.release());

  const sentences = ["영화 볼까", "영화 같이 볼까", "좋아요", "영화관 😀", "볼까 볼까 영화 좋아요", "A"];

  it.each<[string, SearchOptions]>([
    ["greedily", {}],
    ["with beams", { beam: 3, nBest: 2, lengthPenalty: "wu" }],
    ["drawn", { sampling: { temperature: 2, seed: 5 } }],
  ])("says what it says to each line alone, %s", async (_, options) => {
    for (const { input, translation, score, nBest } of await translated(responder, sentences, options)) {
      const alone = await responder.answer(input, options);
      expect(translation).toBe(alone.answer.replace(/[\n\v\f\r\x85\u2028\u2029]+/g, " ").trim());
      expect(score).toBeCloseTo(alone.score, 4);
      expect(nBest?.length).toBe(alone.nBest?.length);
    }
  });

  it("takes any line", async () => {
    const words = "영화 같이 볼까. ".repeat(300);
    const odd = [
      words,
      "가".repeat(3000),
      "😀".repeat(500),
      "\0\x01\x1b",
      "e\u0301\u1100\u1161",
      "\ufeff",
      "\ud800",
      "a\u2028b",
    ];
    const all = await translated(responder, odd, { maxTokens: 3 });
    expect(all.map(({ parts }) => parts > 1)).toEqual([true, true, true, false, false, false, false, false]);
    expect(all.map(({ input }) => input)).toEqual(odd);
    expect(all[5]).toMatchObject({ parts: 0, translation: "" });
    for (const { translation } of all) expect(translation).not.toMatch(/[\n\v\f\r\x85\u2028\u2029]/);
  });
});
