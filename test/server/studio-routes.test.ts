import opentype from "opentype.js";
import subsetFont from "subset-font";
import { beforeAll, describe, expect, it } from "vitest";
import type { Ticket } from "../../src/server/inference.ts";
import type { ServedModel } from "../../src/server/served-model.ts";
import type { PartOf, ResultOf, Task } from "../../src/server/tasks.ts";
import type { GenerateEvent } from "../../src/studio/wire.ts";
import { randomClassifier, randomSeq2Seq } from "../formats/small-models.ts";
import { begin, eventsOf, serveInference, serveModel, type TestServer, until } from "./running.ts";
import { CHAT, forever, ScriptedInference } from "./scripted-inference.ts";

let writer: TestServer;
let judge: TestServer;
let mute: TestServer;
beforeAll(async () => {
  const servers = await Promise.all([
    serveModel(randomSeq2Seq(), { notes: { options: { task: "translate" } }, origins: ["https://friend.example"] }),
    serveModel(randomClassifier({}, ["bad", "good"])),
    serveModel(randomSeq2Seq({ model: "recurrent", attention: "none" })),
  ]);
  await Promise.all(servers.map(({ ready }) => ready));
  [writer, judge, mute] = servers;
});

// biome-ignore lint/suspicious/noExplicitAny: events of any kind
type Events = any[];

async function events({ url }: TestServer, path: string, body: object): Promise<Events> {
  const reply = await begin(url + path, { body });
  expect(reply.headers["content-type"]).toMatch(/^text\/event-stream/);
  const all: Events = [];
  for await (const { event, data } of eventsOf(reply)) {
    const told = JSON.parse(data);
    expect(told.type).toBe(event);
    all.push(told);
  }
  return all;
}

const generated = (server: TestServer, body: object) =>
  events(server, "/api/generate", { src: "오늘 영화 볼래?", ...body });

async function bytes({ url }: TestServer, path: string): Promise<Uint8Array<ArrayBuffer>> {
  const reply = await fetch(url + path);
  expect(reply.status).toBe(200);
  expect(reply.headers.get("content-type")).toBe("application/octet-stream");
  return new Uint8Array(await reply.arrayBuffer());
}

function opened(file: Uint8Array<ArrayBuffer>) {
  expect(new TextDecoder().decode(file.subarray(0, 4))).toBe("JMK1");
  const length = new DataView(file.buffer).getUint32(4, true);
  expect(length % 4).toBe(0);
  return {
    header: JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))),
    weights: file.subarray(8 + length),
  };
}

/** Answers nothing, with an exhibit that has no attention. */
class Exhibiting extends ScriptedInference {
  asked = false;
  readonly #before: () => Promise<void>;

  constructor(model: ServedModel, before: () => Promise<void>) {
    super(model);
    this.#before = before;
  }

  override submit<T extends Task>(tasks: readonly T[]): Ticket<ResultOf<T>, PartOf<T>>[] {
    const answer = async function* (this: Exhibiting) {
      this.asked = true;
      await this.#before();
      yield { type: "src", toks: [], words: [], cut: 0 };
      const exhibit = { reading: { source: [], target: [], search: {} }, axes: {}, stacks: [] };
      return { exhibit, done: { type: "done", text: "", words: [], nbest: [], ms: 0 } };
    };
    return tasks.map(() => answer.call(this) as unknown as Ticket<ResultOf<T>, PartOf<T>>);
  }
}

describe("the model card", () => {
  it("tells what model this is, and what there is to see", async () => {
    const { status, json } = await writer.ask("/api/model");
    expect(status).toBe(200);
    expect(json).toMatchObject({ id: json.name, task: "translate", arch: "transformer", attn: "scaled" });
    expect(json).toMatchObject({
      layers: 2,
      heads: 4,
      dModel: 32,
      dHead: 8,
      maxLen: 40,
      kinds: ["cross", "enc", "dec"],
    });
    expect(json.examples.length).toBeGreaterThan(2);
    expect(json.examples[0].src).toMatch(/[가-힣]/);
    expect((await judge.ask("/api/model")).json).toMatchObject({
      task: "classify",
      arch: "bilstm",
      attn: "bahdanau",
      dHead: 12,
      kinds: ["align"],
      labels: ["bad", "good"],
    });
    expect((await mute.ask("/api/model")).json).toMatchObject({ arch: "bilstm", attn: "none", kinds: [] });
  });
});

describe("an answer and its attention", () => {
  it("come event by event, then by the name that the last event tells", async () => {
    const told = await generated(writer, { beam: 3, lenPenalty: 0.6 });
    const [src] = told;
    const toks = told.filter(({ type }) => type === "tok");
    const done = told.at(-1);
    expect(src.type).toBe("src");
    expect(told.filter(({ type }) => type === "beam").length).toBeGreaterThan(0);
    expect(done).toMatchObject({ type: "done", att: expect.any(String) });
    expect(done.nbest).toHaveLength(3);

    const kinds = { cross: ["tgt", "src"], enc: ["src", "src"], dec: ["read", "read"] } as const;
    for (const [kind, [rowTok, colTok]] of Object.entries(kinds)) {
      const { header, weights } = opened(await bytes(writer, `/api/att/${done.att}?kind=${kind}`));
      expect(header).toMatchObject({
        kind,
        layers: 2,
        heads: 4,
        rowTok,
        colTok,
        causal: kind === "dec",
        dtype: "u8sqrt",
      });
      const { rows, cols } = header;
      expect(header.toks[rowTok]).toHaveLength(rows);
      expect(header.toks[colTok]).toHaveLength(cols);
      expect(rows).toBe(rowTok === "src" ? src.toks.length : toks.length);
      expect(weights).toHaveLength(8 * rows * cols);
      expect(header.entropy).toHaveLength(8);

      const exact = new Float32Array((await bytes(writer, `/api/att/${done.att}/${kind}/1/2`)).buffer);
      expect(exact).toHaveLength(rows * cols);
      let bits = 0;
      for (let row = 0; row < rows; row++) {
        const cells = exact.subarray(row * cols, (row + 1) * cols);
        expect(cells.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
        for (const [col, weight] of cells.entries()) {
          const shown = (weights[((1 * 4 + 2) * rows + row) * cols + col] / 255) ** 2;
          expect(Math.abs(shown - weight)).toBeLessThan(0.004);
          if (weight > 0) bits -= weight * Math.log2(weight);
        }
      }
      expect(header.entropy[6]).toBeCloseTo(bits / rows, 3);
    }
    const asked = `att=${done.att}&kind=cross&l=1&h=2&i=0&j=1`;
    const { status, json: cell } = await writer.ask(`/api/cell?${asked}`);
    expect(status).toBe(200);
    const exact = new Float32Array((await bytes(writer, `/api/att/${done.att}/cross/1/2`)).buffer);
    expect(cell.row.map(([, weight]: number[]) => weight)).toEqual(
      Array.from(exact.subarray(0, src.toks.length), (weight) => expect.closeTo(weight, 5)),
    );
    expect(await writer.ask(`/api/cell?${asked}9`)).toMatchObject({ status: 422, json: { code: "no_such" } });
    const cross = opened(await bytes(writer, `/api/att/${done.att}?kind=cross`));
    expect(cross.header.toks.tgt).toEqual(toks.map(({ tok }) => tok));
    expect(cross.header.toks.src).toEqual(src.toks);
  });

  it("of a classifier are its verdict and one row", async () => {
    const told = await generated(judge, {});
    expect(told.map(({ type }) => type)).toEqual(["src", "tok", "done"]);
    const [src, tok, done] = told;
    expect(tok.top).toHaveLength(2);
    expect(tok.top.reduce((sum: number, [, p]: [string, number]) => sum + p, 0)).toBeCloseTo(1, 5);
    expect(tok.top[0]).toEqual([tok.tok.t, tok.p, tok.tok.id]);
    const { header } = opened(await bytes(judge, `/api/att/${done.att}?kind=align`));
    expect(header).toMatchObject({ layers: 1, heads: 1, rows: 1, cols: src.toks.length, toks: { tgt: [tok.tok] } });
    expect(Buffer.from(tok.look, "base64")).toHaveLength(src.toks.length);
    const hidden = await events(judge, "/api/occlude", { att: done.att, i: 0 });
    expect(hidden.map(({ type }) => type)).toEqual([...src.words.map(() => "word"), "done"]);
    expect(hidden[0].p0).toBeCloseTo(tok.p, 5);
    expect(["bad", "good"]).toContain(hidden[0].text);
  });

  it("of a model that does not attend is an answer alone, and words can be hidden from it", async () => {
    const told = await generated(mute, {});
    const done = told.at(-1);
    expect(told.find(({ type }) => type === "tok")).not.toHaveProperty("look");
    const refused = await mute.ask(`/api/att/${done.att}?kind=align`);
    expect(refused).toMatchObject({ status: 422, json: { type: "error", code: "not_offered" } });
    const hidden = await events(mute, "/api/occlude", { att: done.att, i: 0, words: [1] });
    expect(hidden.map(({ type, w }) => [type, w])).toEqual([
      ["word", 1],
      ["done", undefined],
    ]);
  });
});

describe("numbers of a screen of How it works", () => {
  it("are those of a head, of a padded batch, or of a moved word", async () => {
    const src = "오늘 영화 볼래?";
    const how = (screen: number, body: object, server = writer) => server.ask(`/api/how/${screen}`, { body });
    const head = (await how(4, { src, kind: "cross", l: "1", h: "3" })).json;
    expect(head).toMatchObject({ about: "head", kind: "cross", l: 1, h: 3, d: 8 });
    const padding = (await how(7, { src })).json;
    expect(padding).toMatchObject({ about: "padding", texts: { length: 3 } });
    expect((await how(7, { src: `${src}\n커피` })).json.texts).toHaveLength(3);
    expect((await how(9, { src, from: 1, to: 2 })).json).toMatchObject({ about: "position" });
    expect(await how(12, { src })).toMatchObject({ status: 400 });
    expect(await how(4, { src }, mute)).toMatchObject({ status: 422, json: { code: "not_offered" } });
    // Longer than an address may be.
    expect((await how(4, { src: "가".repeat(6000) })).json).toMatchObject({ code: "too_long" });
  });
});

describe("letters for figures", () => {
  const SAID = "빌렸다 √d → 83%";

  it("come as outlines, one beside the other, heavier where they shall be", async () => {
    const run = (s: string, wght = 400, size = 20) => ({ s, size, wght });
    // At this size two of its coordinates are all but whole.
    const reading = run("행의 단어가 묻고, 열의 단어를 바라봅니다. 한 행을 모두 더하면 100%입니다.", 400, 15);
    const runs = [run(SAID), run("빌"), run("렸"), run("빌렸"), run("빌", 700), run("빌", 400, 40), run(""), reading];
    const { status, json } = await writer.ask("/api/outline", { body: { runs } });
    expect(status).toBe(200);
    for (const d of [...json.d.slice(0, 6), json.d[7]]) expect(d).toMatch(/^M[-\d. MLQCZ]+$/);
    const [, first, second, both, bold, large, nothing] = json.adv;
    expect(both).toBeCloseTo(first + second, 2);
    expect(json.d[3].startsWith(json.d[1])).toBe(true);
    expect(json.d[4]).not.toBe(json.d[1]);
    expect(bold).toBeGreaterThan(0);
    expect(large).toBeCloseTo(2 * first, 2);
    expect([nothing, json.d[6]]).toEqual([0, ""]);
  });

  it("come as a font that has them", async () => {
    const reply = await fetch(`${writer.url}/api/font`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ text: SAID, wght: 650 }),
    });
    expect([reply.status, reply.headers.get("content-type")]).toEqual([200, "font/woff2"]);
    const bytes = new Uint8Array(await reply.arrayBuffer());
    expect(new TextDecoder().decode(bytes.subarray(0, 4))).toBe("wOF2");
    const sfnt = await subsetFont(Buffer.from(bytes), SAID, { targetFormat: "sfnt" });
    const font = opentype.parse(sfnt.buffer.slice(sfnt.byteOffset, sfnt.byteOffset + sfnt.byteLength) as ArrayBuffer);
    const { json } = await writer.ask("/api/outline", { body: { runs: [{ s: SAID, size: 1000, wght: 650 }] } });
    for (const letter of SAID) expect(font.charToGlyphIndex(letter), letter).toBeGreaterThan(0);
    const advance = Array.from(SAID, (letter) => font.charToGlyph(letter).advanceWidth ?? 0).reduce((a, b) => a + b);
    expect((advance / font.unitsPerEm) * 1000).toBeCloseTo(json.adv[0], 0);
  });
});

describe("a model that takes the place of another", () => {
  it("has nothing to do with the answers of that one, not even with those under way", async () => {
    let answer = () => {};
    const inference = new Exhibiting(CHAT, () => new Promise<void>((resolve) => (answer = resolve)));
    const server = await serveInference(inference);
    const ask = async () => {
      const asked = generated(server, {});
      await until(() => inference.asked);
      return {
        asked,
        kept: async () => (await server.ask(`/api/att/${(await asked).at(-1).att}?kind=cross`)).json.code,
      };
    };
    const first = await ask();
    answer();
    expect(await first.kept()).toBe("not_offered");
    inference.asked = false;
    const second = await ask();
    inference.model = { ...CHAT, folder: "other" };
    answer();
    expect(await first.kept()).toBe("gone");
    expect(await second.kept()).toBe("gone");
  });
});

describe("what is refused", () => {
  it.each([
    ["/api/generate", { src: "" }, 422, "empty"],
    ["/api/generate", { src: "영화 ".repeat(80) }, 422, "too_long"],
    ["/api/generate", { src: "영화", beam: 99 }, 422, "invalid_value"],
    ["/api/generate", { src: 5 }, 400, "invalid_request"],
    ["/api/generate", { src: "영화", force: [1e6] }, 422, "no_such"],
    ["/api/outline", { runs: [{ s: "a", size: 10, wght: 50 }] }, 422, "invalid_value"],
    ["/api/font", { text: "" }, 422, "invalid_value"],
    ["/api/occlude", { att: "none", i: 0 }, 404, "gone"],
    ["/api/att/none?kind=cross", undefined, 404, "gone"],
    ["/api/att/none?kind=heads", undefined, 400, "invalid_request"],
    ["/api/att/none/cross/0/x", undefined, 400, "invalid_request"],
  ])("%s %j is %i %s, in both languages", async (path, body, status, code) => {
    const reply = await writer.ask(path, { body });
    expect(reply).toMatchObject({ status, json: { type: "error", code } });
    expect(reply.json.ko).toMatch(/[가-힣]/);
    expect(reply.json.en).toMatch(/[a-z]/);
  });

  it.each([
    ["GET", "/api/model"],
    ["POST", "/api/generate"],
  ])("%s %s from a page of another origin, even one that may ask the public API", async (method, path) => {
    const body = method === "POST" ? { src: "영화" } : undefined;
    const from = (origin: string) => writer.ask(path, { method, body, headers: { origin } });
    expect(await from("https://friend.example")).toMatchObject({ status: 403, json: { code: "origin_not_allowed" } });
    expect((await from(writer.url)).status).toBe(200);
  });

  it("everything without the token, where one is wanted", async () => {
    const guarded = await serveInference(new ScriptedInference(), { token: "secret" });
    expect(await guarded.ask("/api/model")).toMatchObject({
      status: 401,
      json: { type: "error", code: "unauthorized" },
    });
    const headers = { authorization: "Bearer secret" };
    expect((await guarded.ask("/api/model", { headers })).status).toBe(200);
  });

  it("everything while the model is being loaded", async () => {
    const loading = await serveInference(Object.assign(new ScriptedInference(), { model: undefined }));
    for (const question of [undefined, { body: { src: "영화" } }]) {
      const reply = await loading.ask(question ? "/api/generate" : "/api/model", question);
      expect(reply).toMatchObject({ status: 503, json: { code: "loading" } });
    }
    const untrained = await serveInference(
      Object.assign(new ScriptedInference(), { model: undefined, untrained: true }),
    );
    expect(await untrained.ask("/api/model")).toMatchObject({ status: 503, json: { code: "no_model" } });
  });
});

describe("a client that goes away", () => {
  it("stops its answer", async () => {
    let asked = false;
    const inference = new ScriptedInference(CHAT, async (signal) => {
      asked = true;
      await forever(signal);
    });
    const { url } = await serveInference(inference);
    const controller = new AbortController();
    const reply = begin(`${url}/api/generate`, { body: { src: "영화" }, signal: controller.signal });
    reply.catch(() => {});
    await until(() => asked);
    controller.abort();
    await until(() => inference.stopped === 1);
  });

  it("frees its worker for the next", async () => {
    const before = await writer.metric("jumok_texts_total", { outcome: "stopped" });
    const controller = new AbortController();
    const reply = await begin(`${writer.url}/api/generate`, {
      body: { src: "오늘 영화 볼래?", beam: 16 },
      signal: controller.signal,
    });
    for await (const { event } of eventsOf(reply)) {
      if (event === "beam") break;
    }
    controller.abort();
    await until(async () => (await writer.metric("jumok_texts_total", { outcome: "stopped" })) === before + 1);
    expect((await generated(writer, {})).at(-1).type satisfies GenerateEvent["type"]).toBe("done");
  });
});
