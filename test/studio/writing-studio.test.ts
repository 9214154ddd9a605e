import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Decoder } from "../../src/decoding/decoder.ts";
import { scoreTargets } from "../../src/decoding/forced.ts";
import { Responder } from "../../src/decoding/responder.ts";
import { WritingStudio } from "../../src/studio/writing-studio.ts";
import { randomSeq2Seq } from "../formats/small-models.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { looked, told } from "./opened.ts";

const TEXT = "오늘 영화 볼래?";
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

describe.each([
  ["Transformer", randomSeq2Seq(), true],
  ["LSTM with Bahdanau's attention", randomSeq2Seq({ model: "recurrent" }), true],
  ["GRU with dot attention", randomSeq2Seq({ model: "recurrent", cell: "gru", attention: "dot" }), true],
  ["LSTM without attention", randomSeq2Seq({ model: "recurrent", attention: "none" }), false],
] as const)("what the studio tells of an answer: %s", (_, loaded, attends) => {
  let studio: WritingStudio;
  let decoder: Decoder;
  let responder: Responder;
  beforeAll(async () => {
    const engine = await testEngine();
    studio = await WritingStudio.open(engine, loaded);
    decoder = await Decoder.compile(engine, loaded.model, loaded.weights);
    responder = await Responder.compile(engine, loaded);
  });
  afterAll(async () => {
    await studio.release();
    await decoder.release();
    await responder.release();
  });
  const generate = (request: object = {}) => told(studio.generate({ src: TEXT, ...request }));

  it.each([
    ["greedily", {}, {}],
    ["with four beams", { beam: 4 }, { beam: 4 }],
    ["with a length penalty", { beam: 3, lenPenalty: 0.6 }, { beam: 3, lengthPenalty: "wu", alpha: 0.6 }],
  ] as const)("is what the model answers %s, each token with its probability", async (_, request, options) => {
    const { src, toks, done, exhibit } = await generate(request);
    const answer = await responder.answer(TEXT, { ...options, nBest: "beam" in options ? options.beam : 1 });
    expect(done.text).toBe(answer.answer);
    expect(done.nbest.map(({ text }) => text)).toEqual((answer.nBest ?? [answer]).map((one) => one.answer));
    expect(toks.map(({ i }) => i)).toEqual(toks.map((_, i) => i));
    expect(toks.map(({ tok }) => tok.id)).toEqual([
      ...answer.ids,
      ...(answer.finished ? [loaded.tokenizer.endId] : []),
    ]);
    expect(done.nbest[0].ids).toEqual(toks.map(({ tok }) => tok.id));
    expect(done.nbest[0].logp).toBeCloseTo(answer.score, 4);
    expect(done.nbest[0].score).toBeCloseTo(answer.penalisedScore, 4);

    const ids = toks.map(({ tok }) => tok.id);
    const [scored] = await scoreTargets(decoder, [exhibit.reading.source], [ids], loaded.tokenizer);
    for (const [i, { p, top, look }] of toks.entries()) {
      expect(p).toBeCloseTo(Math.exp(scored.logProbabilities[i]), 4);
      expect(top).toHaveLength(6);
      expect(top.map(([, p]) => p)).toEqual(top.map(([, p]) => p).sort((a, b) => b - a));
      const own = top.find(([, , id]) => id === toks[i].tok.id);
      expect(own === undefined || Math.abs(own[1] - p) < 1e-6).toBe(true);
      if (!attends) expect(look).toBeUndefined();
      else {
        expect(looked(look)).toHaveLength(src.toks.length);
        expect(sum(looked(look))).toBeCloseTo(1, 1);
      }
    }
  });

  it("has a tree whose paths are the answers, and whose sums add up", async () => {
    const { beams, done } = await generate({ beam: 4 });
    expect(beams.map(({ step }) => step)).toEqual(beams.map((_, i) => i + 1));
    const nodes = beams.flatMap((event) => event.nodes);
    const byNumber = new Map(nodes.map((node) => [node.n, node]));
    expect(byNumber.size).toBe(nodes.length);
    for (const { up, score, p } of nodes) {
      const before = byNumber.get(up);
      expect(up === 0 || before?.kept).toBe(true);
      expect(score).toBeCloseTo((before?.score ?? 0) + Math.log(p), 4);
    }
    for (const { nodes } of beams) {
      expect(nodes.length).toBeLessThanOrEqual(8);
      expect(nodes.map(({ score }) => score)).toEqual(nodes.map(({ score }) => score).sort((a, b) => b - a));
    }
    expect(nodes.some(({ kept }) => !kept)).toBe(true);
    for (const { node, ids, logp } of done.nbest) {
      const path: number[] = [];
      for (let at = byNumber.get(node); at !== undefined; at = byNumber.get(at.up)) path.unshift(at.id);
      expect(path).toEqual(ids);
      expect(byNumber.get(node)?.score).toBeCloseTo(logp, 4);
    }
  });

  it("goes on from a runner-up, and from a whole answer gives that answer", async () => {
    const { toks, done } = await generate({ beam: 2 });
    const [, , other] = toks[1].top.find(([, , id]) => id !== toks[1].tok.id && id !== loaded.tokenizer.endId)!;
    const force = [toks[0].tok.id, other];
    const second = await generate({ beam: 2, force });
    expect(second.toks.slice(0, 2).map(({ tok }) => tok.id)).toEqual(force);
    expect(second.toks[0].p).toBeCloseTo(toks[0].p, 4);
    expect(second.toks[1].p).toBeCloseTo(toks[1].top.find(([, , id]) => id === other)![1], 4);

    const worst = done.nbest[done.nbest.length - 1];
    const again = await generate({ force: worst.ids });
    expect(again.done.text).toBe(worst.text);
    expect(again.done.nbest[0].logp).toBeCloseTo(worst.logp, 4);
  });

  it("has the attention of the answer, token by token as it was written", async () => {
    const { src, toks, exhibit } = await generate({ beam: 2 });
    if (!attends) {
      expect(exhibit.stacks).toEqual([]);
      return;
    }
    for (const stack of exhibit.stacks) {
      const { layers, heads, weights, rowTok, colTok, causal } = stack;
      const [rows, cols] = [exhibit.axes[rowTok]!.toks.length, exhibit.axes[colTok]!.toks.length];
      expect(weights).toHaveLength(layers * heads * rows * cols);
      for (let row = 0; row < layers * heads * rows; row++) {
        const cells = Array.from(weights.subarray(row * cols, (row + 1) * cols));
        expect(sum(cells)).toBeCloseTo(1, 5);
        if (causal) expect(sum(cells.slice((row % rows) + 1))).toBe(0);
      }
    }
    const main = exhibit.stacks.find(({ kind }) => kind === "cross" || kind === "align")!;
    const [rows, cols] = [toks.length, src.toks.length];
    for (const [row, { look }] of toks.entries()) {
      expect(looked(look)).toHaveLength(cols);
      for (const [column, share] of looked(look).entries()) {
        let mean = 0;
        for (let head = 0; head < main.heads; head++) {
          const place = (main.layers - 1) * main.heads + head;
          mean += main.weights[(place * rows + row) * cols + column] / main.heads;
        }
        expect(Math.abs(share - mean)).toBeLessThan(0.005);
      }
    }
  });

  it("tells what hiding a word does, which is what the model says of the sentence without it", async () => {
    const { src, toks, exhibit } = await generate();
    const events = [];
    for await (const event of studio.occlude(exhibit.reading, { token: 1 })) events.push(event);
    const text = src.toks.filter(({ sp }) => sp === undefined);
    expect(events.map(({ w }) => w)).toEqual([...new Set(text.map(({ w }) => w))]);
    for (const { w, p0, p1, text } of events) {
      const source = exhibit.reading.source.filter((_, i) => src.toks[i].w !== w);
      const target = toks.slice(0, 2).map(({ tok }) => tok.id);
      const [{ logProbabilities }] = await scoreTargets(decoder, [source], [target], loaded.tokenizer);
      expect(p0).toBeCloseTo(toks[1].p, 4);
      expect(p1).toBeCloseTo(Math.exp(logProbabilities[1]), 4);
      expect(text).toBe((await responder.answer(loaded.tokenizer.decode(source))).answer);
    }
    const some = [];
    for await (const event of studio.occlude(exhibit.reading, { token: 0, words: [2] })) some.push(event.w);
    expect(some).toEqual([2]);
  });

  it("refuses what it cannot do, and says so in both languages", async () => {
    const { exhibit } = await generate();
    const refusals = [
      generate({ src: " " }),
      generate({ src: "영화 ".repeat(60) }),
      generate({ force: [1e6] }),
      studio.occlude(exhibit.reading, { token: 99 }).next(),
    ];
    const codes = [];
    for (const refusal of refusals) {
      const error = await refusal.then(
        () => undefined,
        (reason) => reason.event(),
      );
      expect(error.ko).toMatch(/[가-힣]/);
      expect(error.en).toMatch(/[a-z]/);
      codes.push(error.code);
    }
    expect(codes).toEqual(["empty", "too_long", "no_such", "no_such"]);
  });

  it("stops when it is told to", async () => {
    const controller = new AbortController();
    const generating = studio.generate({ src: TEXT, beam: 2 }, controller.signal);
    await generating.next();
    await generating.next();
    controller.abort(new Error("enough"));
    await expect(told(generating)).rejects.toThrow("enough");
  });
});
