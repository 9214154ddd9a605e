import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noam } from "../../src/optim/schedule.ts";
import { leaked, maskedShares } from "../../studio/lessons/masked-shares.ts";
import { pathAndPairs } from "../../studio/lessons/path-cost.ts";
import { attentionInOrder, byWord, largestChange, moved } from "../../studio/lessons/places.ts";
import { scientific } from "../../studio/lessons/scientific.ts";
import { bahdanauScore, dotScore, scoreField } from "../../studio/lessons/score-fields.ts";
import { deviation, headScores, histogram, randomScores } from "../../studio/lessons/scores-in-dimensions.ts";
import { entropyBits, mixed, softmax, strongest } from "../../studio/lessons/shares.ts";
import { spread, wrongSteps } from "../../studio/lessons/slips.ts";
import { nearestStop, stopAfterKey, wholeStops } from "../../studio/lessons/stops.ts";
import { peakRate, rates } from "../../studio/lessons/warm-up.ts";
import { wordsInRow } from "../../studio/lessons/words-in-row.ts";

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const scores = fc.array(fc.double({ min: -500, max: 500, noNaN: true }), { minLength: 1, maxLength: 12 });

describe("softmax", () => {
  it("shares 100 %, in the order of the scores, whatever is added to all", () => {
    fc.assert(
      fc.property(scores, fc.double({ min: -100, max: 100, noNaN: true }), (row, shift) => {
        const shares = softmax(row);
        expect(sum(shares)).toBeCloseTo(1, 9);
        expect(shares[strongest(row)]).toBe(Math.max(...shares));
        softmax(row.map((score) => score + shift)).forEach((share, i) => {
          expect(share).toBeCloseTo(shares[i], 6);
        });
      }),
    );
  });

  it("mixes values by shares", () => {
    const shares = softmax([0, Math.log(3)]);
    expect(shares[1]).toBeCloseTo(0.75, 12);
    expect(
      mixed(
        [
          [4, 0],
          [0, 8],
        ],
        shares,
      ).map((value) => Number(value.toFixed(9))),
    ).toEqual([1, 6]);
  });

  it("has its entropy between none and that of even shares", () => {
    expect(entropyBits([1, 0, 0, 0])).toBe(0);
    expect(entropyBits([0.25, 0.25, 0.25, 0.25])).toBe(2);
  });
});

describe("a mask", () => {
  const row = { scores: [1, 0, 2, 0.5], allowed: 2 };

  it("of −∞ gives what softmax gives without the masked", () => {
    const [first, second] = softmax([1, 0]);
    expect(maskedShares(row)).toEqual([first, second, 0, 0]);
  });

  it("leaks less, the more is taken off", () => {
    const leaks = [0, -1, -4, -12].map((added) => leaked(maskedShares(row, added), row.allowed));
    expect(leaks).toEqual([...leaks].sort((a, b) => b - a));
    expect(leaks[0]).toBeGreaterThan(0.5);
    expect(leaked(maskedShares(row, -1e9), row.allowed)).toBe(0);
  });
});

describe("places", () => {
  const vectors = (words: number) =>
    fc.array(fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 }), {
      minLength: words,
      maxLength: words,
    });
  const head = fc.record({ wordQ: vectors(5), wordK: vectors(5), placeQ: vectors(5), placeK: vectors(5) });
  const place = fc.integer({ min: 0, max: 4 });

  it("move one thing and keep the order of the others", () => {
    expect(moved(5, 1, 3)).toEqual([0, 2, 3, 1, 4]);
    expect(moved(5, 3, 1)).toEqual([0, 3, 1, 2, 4]);
  });

  it("change nothing between words unless they are encoded", () => {
    fc.assert(
      fc.property(head, place, place, (numbers, from, to) => {
        const order = moved(5, from, to);
        const still = attentionInOrder(numbers, moved(5, 0, 0), false);
        const plain = byWord(attentionInOrder(numbers, order, false), order);
        expect(largestChange(still, plain)).toBeLessThan(1e-12);
      }),
    );
  });

  it("change attention where they are encoded", () => {
    const rows = (value: number) => Array.from({ length: 3 }, (_, i) => [value * i, 1]);
    const numbers = { wordQ: rows(1), wordK: rows(1), placeQ: rows(2), placeK: rows(2) };
    const order = moved(3, 0, 2);
    const before = attentionInOrder(numbers, [0, 1, 2], true);
    expect(largestChange(before, byWord(attentionInOrder(numbers, order, true), order))).toBeGreaterThan(0.1);
  });
});

describe("random scores", () => {
  it("spread as the root of their dimension, and by one when divided by it", () => {
    for (const dimensions of [4, 64, 512]) {
      expect(deviation(randomScores({ dimensions, divided: false })) / Math.sqrt(dimensions)).toBeCloseTo(1, 0);
      expect(deviation(randomScores({ dimensions, divided: true }))).toBeCloseTo(1, 0);
    }
  });

  it("push softmax onto fewer cells, the more dimensions they have", () => {
    const bits = (dimensions: number) => entropyBits(softmax(randomScores({ dimensions, divided: false }).slice(0, 8)));
    expect(bits(512)).toBeLessThan(bits(4));
  });

  it("of a head are those of its rows, the row that is looked at first, by the dimensions that count", () => {
    const head = {
      q: [
        [1, 2, 9],
        [3, 4, 9],
      ],
      k: [
        [1, 0, 9],
        [0, 1, 9],
        [1, 1, 9],
      ],
    };
    expect(headScores(head, 1, { dimensions: 2, divided: false })).toEqual([3, 4, 7, 1, 2, 3]);
    const [first] = headScores(head, 0, { dimensions: 3, divided: true });
    expect(first).toBeCloseTo(82 / Math.sqrt(3), 10);
  });

  it("are all in their histogram", () => {
    expect(histogram([-9, 0, 0.1, 9], { from: -1, to: 1, bins: 4 })).toEqual([1, 0, 2, 1]);
  });
});

describe("score fields", () => {
  it("rise with a dot product along the query, and are level across it", () => {
    const field = scoreField(dotScore, [1, 0], 3);
    expect(field.map((value) => Number(value.toFixed(3)))).toEqual([
      -0.667, 0, 0.667, -0.667, 0, 0.667, -0.667, 0, 0.667,
    ]);
  });

  it("of a network of one unit are its tanh", () => {
    const score = bahdanauScore({
      keyWeight: [[1, 0]],
      keyBias: [0.5],
      queryWeight: [[0, 1]],
      queryBias: [0],
      scoring: [2],
    });
    expect(score([9, 0.25], [0.25, 9])).toBeCloseTo(2 * Math.tanh(1), 12);
  });
});

describe("the rate", () => {
  it("is that of training, highest at the end of the warm-up", () => {
    const points = rates({ dModel: 256, warmupSteps: 4000, lastStep: 20_000, points: 20_000 });
    expect(points[3999].rate).toBe(noam(256, 4000)(4000));
    expect(Math.max(...points.map(({ rate }) => rate))).toBe(peakRate(256, 4000));
    expect(peakRate(256, 4000)).toBeCloseTo(1 / Math.sqrt(256 * 4000), 12);
  });
});

describe("handles", () => {
  it("go to the next stop, by leaps, to the ends, and not beyond", () => {
    const stops = wholeStops(4, 40);
    expect(stopAfterKey("ArrowRight", stops, 12)).toBe(13);
    expect(stopAfterKey("ArrowDown", stops, 4)).toBe(4);
    expect(stopAfterKey("PageUp", stops, 12)).toBe(16);
    expect(stopAfterKey("End", stops, 12)).toBe(40);
    expect(stopAfterKey("a", stops, 12)).toBeUndefined();
    expect(nearestStop([1, 2, 4, 8], 5)).toBe(4);
  });
});

describe("words in a row", () => {
  it("fit their width side by side", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("나는", "도서관에서", ".", "yesterday"), { minLength: 1, maxLength: 8 }),
        (texts) => {
          const { words } = wordsInRow(texts, { from: 10, width: 700 });
          words.forEach(({ x, width }, i) => {
            const right = i + 1 < words.length ? words[i + 1].x - words[i + 1].width / 2 : 710;
            expect(x + width / 2).toBeLessThanOrEqual(right + 1e-6);
            expect(x - width / 2).toBeGreaterThanOrEqual(10 - 1e-6);
          });
        },
      ),
    );
  });
});

it("slips are counted after the step of the slip", () => {
  expect(spread(wrongSteps([1, 9, 3, 9], [1, 2, 3, 4]), 1)).toBe(1);
});

it("a path of n words has n − 1 steps, or one and n² pairs", () => {
  expect(pathAndPairs(64)).toEqual({ recurrentHops: 63, attentionHops: 1, pairs: 4096 });
});

it("numbers of any size are short", () => {
  expect([0, 12.3456, 177_000, 1e-4, 0.00042].map(scientific)).toEqual(["0", "12.3", "1.8×10⁵", "10⁻⁴", "4.2×10⁻⁴"]);
});
