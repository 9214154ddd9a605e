import { describe, expect, it } from "vitest";
import { attentionViews } from "../../src/explain/attention-view.ts";
import { mapsOf, sentenceOf } from "../../studio/attention/maps.ts";
import { decodePacket, headWeights } from "../../studio/attention/packet.ts";
import { headerOf, packetFile, randomWeights, toks } from "./small-packets.ts";

const NAMES = { bos: "시작", eos: "끝", pad: "패딩", front: "앞 패딩", unk: "모름" };
const SOURCE = [...toks(2, 1, 3), { t: "</s>", w: 3, id: 2, sp: "eos" as const }];
const header = headerOf({
  toks: { src: SOURCE, tgt: toks(1, 2, 1) },
  words: { src: ["어제", "책", "빌렸다", ""], tgt: ["I", "borrowed", "it"] },
});
const weights = randomWeights(header);
const packet = decodePacket(packetFile(header, weights));
const sums = (cells: ArrayLike<number>, cols: number) =>
  Array.from({ length: cells.length / cols }, (_, row) =>
    Array.from(cells)
      .slice(row * cols, (row + 1) * cols)
      .reduce((a, b) => a + b, 0),
  );

describe("a packet of attention", () => {
  it("has the weights of every head to three thousandths, in rows that sum to one", () => {
    const cells = header.rows * header.cols;
    for (let head = 0; head < header.layers * header.heads; head++) {
      const decoded = headWeights(packet, Math.floor(head / header.heads), head % header.heads);
      decoded.forEach((weight, i) => {
        expect(Math.abs(weight - weights[head * cells + i])).toBeLessThan(0.008);
      });
      for (const sum of sums(decoded, header.cols)) expect(sum).toBeCloseTo(1, 5);
    }
  });

  it("keeps a masked cell at 0 and tells it from a weight of 0", () => {
    const causal = headerOf({ kind: "dec", rowTok: "read", colTok: "read", toks: { read: toks(1, 1, 2) } });
    const file = packetFile(causal, randomWeights(causal));
    const [view] = attentionViews(
      {
        text: "",
        source: sentenceOf([], [], NAMES),
        cut: 0,
        maps: mapsOf(decodePacket(file), { task: "chat", names: NAMES }),
      },
      { kind: "decoder", head: 0 },
    );
    expect(view.weights[1]).toBe(0);
    expect(sums(view.weights, 4).every((sum) => Math.abs(sum - 1) < 1e-5)).toBe(true);
  });

  it("never labels rows wrongly: other counts of tokens are refused", () => {
    const short = { ...header, toks: { ...header.toks, tgt: toks(1, 2) } };
    expect(() => decodePacket(packetFile(short, weights))).toThrow(
      "3 × 7 tokens came for 2 layers × 3 heads × 4 rows × 7 columns",
    );
    const unnamed = { ...header, toks: { src: SOURCE } };
    expect(() => decodePacket(packetFile(unnamed, weights))).toThrow("0 × 7 tokens");
  });

  it("is refused when it breaks off or is something else", () => {
    const file = packetFile(header, weights);
    expect(() => decodePacket(file.slice(0, -1))).toThrow(
      "167 weights came for 2 layers × 3 heads × 4 rows × 7 columns, which are 168",
    );
    expect(() => decodePacket(file.slice(0, 60))).toThrow("inside its header");
    expect(() => decodePacket(new TextEncoder().encode("<html></html>").buffer as ArrayBuffer)).toThrow("no JMK1 file");
    expect(() => decodePacket(new ArrayBuffer(3))).toThrow("no JMK1 file");
  });
});

describe("maps of a packet", () => {
  it("name what is no text in the language of the page and know the words", () => {
    const [map] = mapsOf(packet, { task: "translate", names: NAMES });
    expect(map.kind).toBe("cross");
    expect(map.keys.tokens.at(-1)).toMatchObject({ text: "끝", special: true });
    expect(map.keys.words).toEqual(["어제", "책", "빌렸다", "끝"]);
    const padded = sentenceOf([...toks(1), { t: "", w: 1, id: 0, sp: "pad" }], [], NAMES);
    expect(padded.tokens[1]).toMatchObject({ text: "패딩", padding: true });
    expect(padded.words).toEqual(["w0.0", "패딩"]);
  });

  it("take exact heads where they are there", () => {
    const exact = Float32Array.from({ length: header.rows * header.cols }, () => 1 / header.cols);
    const maps = mapsOf(packet, {
      task: "translate",
      names: NAMES,
      exact: (layer, head) => (layer === 1 && head === 2 ? exact : undefined),
    });
    const cells = exact.length;
    expect(maps[1].weights.subarray(2 * cells)).toEqual(exact);
    expect(maps[1].weights.subarray(0, cells)).toEqual(headWeights(packet, 1, 0));
  });

  it("have rows of words that sum to one, the sum over pieces that are looked at", () => {
    const source = sentenceOf(SOURCE, header.words.src, NAMES);
    const explained = { text: "", source, cut: 0, maps: mapsOf(packet, { task: "translate", names: NAMES }) };
    const pieces = attentionViews(explained, { layer: 0, head: 1 })[0];
    const words = attentionViews(explained, { layer: 0, head: 1, words: true })[0];
    expect(words.keys.tokens.map(({ text }) => text)).toEqual(["어제", "책", "빌렸다", "끝"]);
    for (const sum of sums(words.weights, 4)) expect(sum).toBeCloseTo(1, 5);
    const at = (row: number, col: number) => pieces.weights[row * 7 + col];
    expect(words.weights[1 * 4 + 0]).toBeCloseTo((at(1, 0) + at(1, 1) + at(2, 0) + at(2, 1)) / 2, 6);
  });

  it("are a classifier's pooling or a recurrent model's alignment, by what the model does", () => {
    const one = headerOf({ kind: "align", layers: 1, heads: 1, toks: { src: toks(1, 1), tgt: toks(1) } });
    const decoded = decodePacket(packetFile(one, randomWeights(one)));
    expect(mapsOf(decoded, { task: "classify", names: NAMES })[0].kind).toBe("pooling");
    expect(mapsOf(decoded, { task: "chat", names: NAMES })[0].kind).toBe("alignment");
  });
});
