import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Axis, LineChart, Point } from "../../src/charts/chart.ts";
import { lineChart } from "../../src/charts/line-chart.ts";
import { drawLine, drawMark } from "../../src/charts/series.ts";
import { seriesLook } from "../../src/charts/series-look.ts";
import { all, type Drawn, parsed } from "./drawn.ts";

/** The groups of the lines: title, window with the line, marks. */
function lines(drawn: Drawn): { name: string; window: Drawn; line: Drawn; marks: Drawn[] }[] {
  return all(drawn, "g")
    .filter(({ children }) => children[0]?.name === "title")
    .map(({ children: [title, window, ...marks] }) => ({
      name: title!.text,
      window: window!,
      line: window!.children[0]!,
      marks,
    }));
}

function texts(drawn: Drawn): string[] {
  return all(drawn, "text").map(({ text }) => text);
}

function pixel({ attributes }: Drawn): { x: number; y: number } {
  const [, x, y] = /^translate\((\S+) (\S+)\)$/.exec(attributes.transform!)!;
  return { x: Number(x), y: Number(y) };
}

/** A chart of one panel. */
function chart(series: Record<string, Point[]>, x: Partial<Axis> = {}, y: Partial<Axis> = {}): LineChart {
  return {
    title: "A chart",
    panels: [
      {
        x: { label: "Time", ...x },
        y: { label: "Quality", ...y },
        series: Object.entries(series).map(([name, points]) => ({ name, points })),
      },
    ],
  };
}

const at = (x: number, y: number): Point => ({ x, y });
const rising = [at(1, 0.2), at(2, 0.5), at(4, 0.6)];
const falling = [at(5, 0.7), at(10, 0.4)];

const twoPanels: LineChart = {
  title: "품질",
  panels: [
    { ...chart({ GRU: rising, 트랜스포머: falling }).panels[0]!, title: "학습 시간" },
    { ...chart({ 트랜스포머: rising, GRU: falling, LSTM: rising }).panels[0]!, title: "문장 길이" },
  ],
};

describe("a chart", () => {
  it("is one picture with a title, a description and a white ground", () => {
    const svg = parsed(lineChart(twoPanels));
    expect(svg.attributes).toMatchObject({ xmlns: "http://www.w3.org/2000/svg", role: "img" });
    const [title, desc, ground] = svg.children;
    expect(title).toMatchObject({ name: "title", text: "품질" });
    expect(desc!.text).toContain(
      "학습 시간. Quality by Time. GRU: 0.2 at 1, 0.6 at 4; 트랜스포머: 0.7 at 5, 0.4 at 10.",
    );
    expect(ground).toMatchObject({ name: "rect", attributes: { fill: "#ffffff", width: svg.attributes.width } });
    expect(texts(svg)).toEqual(expect.arrayContaining(["품질", "학습 시간", "문장 길이", "Time", "Quality", "LSTM"]));
  });

  it("loads and runs nothing", () => {
    expect(lineChart(twoPanels)).not.toMatch(/<script|<style|<image|href|url\(|on\w+=|\bid=/);
  });

  it("has a line for every series and a mark for every point", () => {
    const drawn = lines(parsed(lineChart(twoPanels)));
    expect(drawn.map(({ name }) => name)).toEqual(["GRU", "트랜스포머", "트랜스포머", "GRU", "LSTM"]);
    expect(drawn.map(({ marks }) => marks.length)).toEqual([3, 2, 3, 2, 3]);
    expect(drawn.map(({ line }) => line.attributes.d!.match(/[ML]/g)!.length)).toEqual([3, 2, 3, 2, 3]);
  });

  it("gives a name one colour and mark in every panel, and one entry of the legend", () => {
    const svg = parsed(lineChart(twoPanels));
    const looks = new Map<string, Set<string>>();
    for (const { name, line, marks } of lines(svg)) {
      const look = [line.attributes.stroke, marks[0]!.attributes.fill, marks[0]!.attributes.d].join();
      looks.set(name, (looks.get(name) ?? new Set()).add(look));
    }
    expect([...looks.values()].map(({ size }) => size)).toEqual([1, 1, 1]);
    expect(new Set([...looks.values()].flatMap((look) => [...look])).size).toBe(3);
    expect(texts(svg).filter((text) => looks.has(text))).toEqual(["GRU", "트랜스포머", "LSTM"]);
  });

  it("is the same bytes every time, with short numbers", () => {
    const draw = () => lineChart({ ...chart({ a: [at(1 / 3, 2 / 3), at(Math.PI, Math.E)] }), description: "none" });
    const text = draw();
    expect(draw()).toBe(text);
    expect(text).not.toMatch(/\d\.\d{3}/);
  });

  it("keeps text as text", () => {
    const name = 'a <b> & "c"\n\u0000\ud800 d';
    const svg = parsed(lineChart({ ...chart({ [name]: rising }, { label: "<x>" }), title: "</svg>&amp;" }));
    expect(svg.children[0]!.text).toBe("</svg>&amp;");
    expect(lines(svg)[0]!.name).toBe('a <b> & "c" \ufffd\ufffd d');
    expect(texts(svg)).toContain("<x>");
  });

  it("breaks long names and stands the panels below them", () => {
    const long = "양방향 LSTM 인코더와 곱셈 어텐션 디코더를 쓰는 순환 신경망 ".repeat(3);
    const short = parsed(lineChart(chart({ a: rising })));
    const svg = parsed(lineChart(chart({ [long]: rising, b: rising, c: rising })));
    expect(svg.attributes.width).toBe(short.attributes.width);
    expect(Number(svg.attributes.height)).toBeGreaterThan(Number(short.attributes.height));
    expect(texts(svg).join(" ")).toContain(long.trim());
    const entries = all(svg, "text").filter(({ text }) => ["b", "c"].includes(text));
    expect(new Set(entries.map(({ attributes }) => attributes.x)).size).toBe(1);
  });
});

describe("points", () => {
  it("stand inside the plotting area, whatever they are", () => {
    const value = fc.oneof(fc.double({ min: -1e150, max: 1e150 }), fc.integer(), fc.constant(Number.NaN));
    const above = fc.double({ min: 1e-290, max: 1e300, noNaN: true });
    const points = (x: fc.Arbitrary<number>, y: fc.Arbitrary<number>) =>
      fc.array(fc.record({ x, y }), { minLength: 1, maxLength: 40 });
    const scale = fc.constantFrom("log" as const, "log2" as const);
    const inside = (chart: LineChart) => {
      const text = lineChart(chart);
      expect(text).not.toMatch(/NaN|Infinity|undefined/);
      const svg = parsed(text);
      expect(texts(svg).length).toBeGreaterThan(4);
      for (const { window, marks } of lines(svg)) {
        const [left, top, width, height] = ["x", "y", "width", "height"].map((key) => Number(window.attributes[key]));
        expect(marks.length).toBeGreaterThan(0);
        for (const { x, y } of marks.map(pixel)) {
          expect(x).toBeGreaterThan(left!);
          expect(x).toBeLessThan(left! + width!);
          expect(y).toBeGreaterThan(top!);
          expect(y).toBeLessThan(top! + height!);
        }
      }
    };
    fc.assert(
      fc.property(points(value, value), (some) => {
        fc.pre(some.some(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)));
        inside({ ...chart({ a: some }), description: "none" });
      }),
    );
    fc.assert(
      fc.property(points(above, above), scale, scale, (some, x, y) =>
        inside({ ...chart({ a: some }, { scale: x }, { scale: y }), description: "none" }),
      ),
    );
  });

  it("that are not finite leave a gap", () => {
    const [line] = lines(parsed(lineChart(chart({ a: [at(1, 1), at(2, 2), at(3, Number.NaN), at(4, 3), at(5, 4)] }))));
    expect(line!.marks).toHaveLength(4);
    expect(line!.line.attributes.d!.match(/M/g)).toHaveLength(2);
  });

  it("show when they are alone", () => {
    const [only] = lines(parsed(lineChart(chart({ a: [at(3, 0.5)] }))));
    expect(only!.marks).toHaveLength(1);
    const dense = Array.from({ length: 300 }, (_, x) => at(x, x === 151 || x === 153 ? Number.NaN : x));
    const [line] = lines(parsed(lineChart(chart({ a: dense }))));
    expect(line!.marks.length).toBeGreaterThan(10);
    expect(line!.marks.length).toBeLessThan(30);
    const middle = pixel(line!.marks[0]!).x + (152 / 299) * 540;
    expect(line!.marks.some((mark) => Math.abs(pixel(mark).x - middle) < 12)).toBe(true);
  });

  it("beyond the ends of an axis have no mark", () => {
    const [line] = lines(parsed(lineChart(chart({ a: [at(0, 0), at(1, 1), at(2, 2)] }, { from: 1 }, { to: 1.5 }))));
    expect(line!.marks).toHaveLength(1);
    expect(line!.line.attributes.d!.match(/[ML]/g)).toHaveLength(3);
  });

  it("are needed by a series and a panel to appear", () => {
    const [panel] = chart({ a: rising, none: [], diverged: [at(1, Number.NaN)] }).panels;
    const empty = { ...chart({ none: [] }).panels[0]!, title: "Nothing here" };
    const svg = parsed(lineChart({ title: "A chart", panels: [empty, panel!] }));
    expect(lines(svg).map(({ name }) => name)).toEqual(["a"]);
    expect(texts(svg)).not.toEqual(expect.arrayContaining([expect.stringMatching(/none|diverged|Nothing here/)]));
  });
});

describe("ticks", () => {
  const doubling = Array.from({ length: 8 }, (_, power) => at(16 * 2 ** power, 0.3 * 3 ** power));

  /** The labels along the lower axis, and those along the upward one from below. */
  function labels(chart: LineChart): { x: string[]; y: string[] } {
    const ticks = all(parsed(lineChart(chart)), "text").filter(({ attributes }) => attributes["text-anchor"]);
    const of = (anchor: string) => ticks.filter(({ attributes }) => attributes["text-anchor"] === anchor);
    return { x: of("middle").map(({ text }) => text), y: of("end").map(({ text }) => text) };
  }

  it("are powers of two, and 1, 2 and 5 of a decade", () => {
    const { x, y } = labels(chart({ a: doubling }, { scale: "log2" }, { scale: "log", to: 100 }));
    expect(x).toEqual(["16", "32", "64", "128", "256", "512", "1,024", "2,048", "Time"]);
    expect(y).toEqual(["0.2", "0.5", "1", "2", "5", "10", "20", "50", "100"]);
  });

  it("are powers of ten over many decades", () => {
    const wide = [at(1, 3e-9), at(1e12, 4)];
    const { x, y } = labels(chart({ a: wide }, { scale: "log" }, { scale: "log" }));
    expect(x).toEqual([..."⁰¹²³⁴⁵⁶⁷⁸⁹"].map((power) => `10${power}`).concat("10¹⁰", "10¹¹", "10¹²", "Time"));
    expect(y).toEqual([..."⁸⁷⁶⁵⁴³²¹"].map((power) => `10⁻${power}`).concat("10⁰"));
  });

  it("are as on a linear axis when a log axis is short", () => {
    expect(labels(chart({ a: [at(3, 30), at(9, 44)] }, { scale: "log" }, { scale: "log" }))).toEqual({
      x: ["3", "4", "5", "6", "7", "8", "9", "Time"],
      y: ["30", "32", "34", "36", "38", "40", "42", "44"],
    });
  });

  it("of very small and very large numbers have few digits", () => {
    const { x, y } = labels(chart({ a: [at(0, -2e-9), at(6e6, 1e-9)] }));
    expect(x).toEqual(["0", "10⁶", "2×10⁶", "3×10⁶", "4×10⁶", "5×10⁶", "6×10⁶", "Time"]);
    expect(y).toEqual(["−2×10⁻⁹", "−1.5×10⁻⁹", "−10⁻⁹", "−5×10⁻¹⁰", "0", "5×10⁻¹⁰", "10⁻⁹"]);
  });

  it("are written as the axis asks, and differ", () => {
    const format = (value: number) => `${Math.round(value * 100)}%`;
    expect(labels(chart({ a: [at(0, 0), at(1, 0.02)] }, {}, { format })).y).toEqual(["0%", "1%", "2%"]);
  });

  it("stand clear of each other", () => {
    const format = (value: number) => `${value} training steps`;
    expect(labels(chart({ a: [at(0, 0), at(9000, 1)] }, { format })).x.length).toBeLessThan(6);
  });

  it("start and end where the axis is told to", () => {
    const { x, y } = labels(chart({ a: rising }, { from: 0, to: 5 }, { from: 0, to: 1 }));
    expect([x[0], x.at(-2), y[0], y.at(-1)]).toEqual(["0.0", "5.0", "0.0", "1.0"]);
  });
});

describe("what cannot be drawn", () => {
  it("is a chart with no points", () => {
    const message = 'lineChart: "A chart" has no finite point in any panel; nothing to draw';
    expect(() => lineChart({ title: "A chart", panels: [] })).toThrow(new RangeError(message));
    expect(() => lineChart(chart({ a: [at(1, Number.NaN)], b: [] }))).toThrow(new RangeError(message));
  });

  it("is zero on a log axis", () => {
    expect(() => lineChart(chart({ GRU: rising, LSTM: [at(2, 1), at(0, 1)] }, { scale: "log2" }))).toThrow(
      new RangeError(
        'lineChart: the series "LSTM" has 0 on "Time", a log axis; ' +
          "it shows numbers above 0: leave the point out or choose a linear scale",
      ),
    );
    expect(() => lineChart(chart({ GRU: [at(2, -1)] }, {}, { scale: "log" }))).toThrow('"GRU" has -1 on "Quality"');
    expect(() => lineChart(chart({ GRU: rising }, {}, { scale: "log", from: 0 }))).toThrow("0 < from < to must hold");
  });

  it("is an axis that ends where it starts", () => {
    const message = 'lineChart: the axis "Time" goes from 9 to 4; from must be below to';
    expect(() => lineChart(chart({ a: rising }, { from: 9 }))).toThrow(new RangeError(message));
    expect(() => lineChart(chart({ a: rising }, { from: 2, to: 2 }))).toThrow("goes from 2 to 2");
    expect(() => lineChart(chart({ a: rising }, { to: Number.NaN }))).toThrow("goes from 1 to NaN");
  });
});

it("36 lines look different", () => {
  const looks = Array.from(
    { length: 36 },
    (_, place) => drawLine("", seriesLook(place)) + drawMark(seriesLook(place), 0, 0),
  );
  expect(new Set(looks).size).toBe(36);
});
