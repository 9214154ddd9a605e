import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readSafeTensorsNotes } from "../../src/formats/safetensors-notes-node.ts";
import { USUAL_LIMITS } from "../../src/server/limits.ts";
import { plainPage } from "../../src/server/page.ts";
import { type RunningServer, startServer } from "../../src/server/serve.ts";
import { allowedFiles } from "../../src/server/training-files.ts";
import type { FilmHeader, TrainingMoment, TrainingStatus } from "../../src/studio/training-wire.ts";
import { readHistory } from "../../src/training/history-folder.ts";
import { trainFolder } from "../../src/training/run.ts";
import type { RunEvent } from "../../src/training/run-events.ts";
import { runOptions } from "../../src/training/run-options.ts";
import type { Seq2SeqOptions } from "../../src/training/seq2seq-options.ts";
import { testEngine } from "../numeric/check-gradients.ts";
import { ask, begin, eventsOf, until } from "./running.ts";

const folder = mkdtempSync(join(tmpdir(), "jumok-training-"));
const servers: RunningServer[] = [];
afterAll(async () => {
  await Promise.all(servers.map((server) => server.drain(0.1)));
  rmSync(folder, { recursive: true, force: true });
});

const SUBJECTS = ["cat", "dog", "fox", "bear", "deer", "hen"];
const DOES = ["sleeps", "eats", "runs", "sings"];
const data = join(folder, "animals.tsv");
writeFileSync(
  data,
  `source\ttarget\n${SUBJECTS.flatMap((a) => DOES.map((b) => `the ${a} ${b}\t${b} the ${a}\n`)).join("")}`,
);
const SMALL = {
  ...{ dModel: 16, numLayers: 1, numHeads: 2, dFeedForward: 16, tokenizer: "word", vocabularySize: 64, bpeDropout: 0 },
  ...{ batchSize: 6, epochs: 12, warmupSteps: 4, learningRate: 0.02, validFraction: 0.25, keepTogether: "none" },
} as const satisfies Partial<Seq2SeqOptions>;
const options = runOptions("translation", SMALL);

async function serve(out: string, told: RunEvent[] = []) {
  const server = await startServer({
    folder: out,
    name: "run",
    host: "127.0.0.1",
    port: 0,
    origins: [],
    workers: 1,
    threads: 1,
    limits: USUAL_LIMITS,
    page: plainPage,
    training: {
      commands: true,
      files: await allowedFiles([data]),
      threads: 1,
      onEvent: (event) => told.push(event),
    },
    tell: () => {},
  });
  servers.push(server);
  return server;
}

async function statusOf({ url }: RunningServer): Promise<TrainingStatus> {
  return (await ask(`${url}/api/train`)).json;
}

/** Everything that is told live until the run stands so. */
async function liveUntil(
  { url }: RunningServer,
  state: string,
  seen: TrainingMoment[] = [],
): Promise<TrainingMoment[]> {
  const reply = await begin(`${url}/api/train/live`, {});
  for await (const { data } of eventsOf(reply)) {
    if (data === "") continue;
    seen.push(JSON.parse(data));
    if (seen.at(-1)?.state === state) break;
  }
  reply.destroy();
  return seen;
}

const modelIn = (out: string) => readFileSync(join(out, "model.safetensors"));

describe("a training on the page", () => {
  it("is started on a file of the list, told live step by step, stopped, gone on with, and answers then", async () => {
    const told: RunEvent[] = [];
    const server = await serve(join(folder, "served"), told);
    const { files, state, commands } = await statusOf(server);
    expect({ state, commands, names: files.map(({ name }) => name) }).toEqual({
      state: "none",
      commands: true,
      names: ["animals.tsv"],
    });
    expect((await ask(`${server.url}/v1/model`)).status).toBe(503);

    const moments: TrainingMoment[] = [];
    const live = liveUntil(server, "stopped", moments);
    const config = { file: files[0].id, preset: "translation", options: SMALL };
    const started = await ask(`${server.url}/api/train`, { body: { cmd: "start", config } });
    expect(started.json).toEqual({ state: "starting", step: 0 });
    expect((await ask(`${server.url}/api/train`, { body: { cmd: "start", config } })).json.code).toBe("busy");
    await until(() => moments.some(({ step }) => step >= 8));
    expect((await ask(`${server.url}/api/train`, { body: { cmd: "stop" } })).json.state).toBe("stopping");
    await live;
    const stoppedAt = moments.at(-1)!.step;
    expect(moments.map((moment) => moment.state)).toContain("stopping");
    expect(await statusOf(server)).toMatchObject({
      ...{ state: "stopped", step: stoppedAt, savedStep: stoppedAt, total: 36, epochs: 12 },
    });

    const rest = liveUntil(server, "done");
    await ask(`${server.url}/api/train`, { body: { cmd: "resume" } });
    const after = await rest;
    expect(after.find((moment) => moment.state === "run")?.step).toBe(stoppedAt);

    const out = join(folder, "served", "runs", "animals-1");
    const steps = (events: readonly (RunEvent | { type: string })[]) =>
      events.flatMap((event) =>
        event.type === "step"
          ? [
              (({ step, loss, accuracy, learningRate }) => ({ step, loss, acc: accuracy, lr: learningRate }))(
                event as Extract<RunEvent, { type: "step" }>,
              ),
            ]
          : [],
      );
    const live1 = [...moments, ...after].flatMap(({ step, loss, acc, lr, state }) =>
      state === "run" || state === "stopping" ? [{ step, loss, acc, lr }] : [],
    );
    const history = await readHistory(out);
    for (const step of steps(history)) expect(live1).toContainEqual(step);
    expect(steps(told)).toEqual(steps(history));

    expect((await statusOf(server)).folder).toBe(out);

    const engine = await testEngine();
    const whole = join(folder, "whole");
    for await (const _ of trainFolder({ data, out: whole, options, engine, history: false }));
    expect(modelIn(out).equals(modelIn(whole))).toBe(true);

    await until(async () => (await ask(`${server.url}/v1/model`)).status === 200);
    const answer = await ask(`${server.url}/v1/translate`, { body: { text: "the cat sleeps" } });
    expect(answer.status).toBe(200);
  });

  it("that is over is replayed: charts, answers and film", async () => {
    const server = await serve(join(folder, "served", "runs", "animals-1"));
    expect(await statusOf(server)).toMatchObject({
      state: "done",
      step: 36,
      total: 36,
      file: "animals.tsv",
      task: "translate",
    });
    expect(await statusOf(server)).not.toHaveProperty("folder");
    const { json: history } = await ask(`${server.url}/api/train/history`);
    expect(history.steps).toEqual(Array.from({ length: 36 }, (_, i) => i + 1));
    for (const [i, rate] of history.lr.entries()) expect(rate).toBeCloseTo(history.lrFormula[i], 10);
    expect(history.valLoss.filter((loss: number | null) => loss !== null)).toHaveLength(12);
    const { json: samples } = await ask(`${server.url}/api/train/samples`);
    expect(samples.prompts).toHaveLength(5);
    expect(samples.at[0].step).toBe(0);
    expect(samples.at.at(-1).out).toHaveLength(5);
    const film = await begin(`${server.url}/api/train/film?x=1`, {});
    film.setEncoding("latin1");
    let text = "";
    for await (const chunk of film) text += chunk;
    const bytes = Buffer.from(text, "latin1");
    expect(bytes.toString("latin1", 0, 4)).toBe("JMK1");
    const length = bytes.readUInt32LE(4);
    const header: FilmHeader = JSON.parse(bytes.toString("utf8", 8, 8 + length));
    expect(header).toMatchObject({ kind: "cross", layers: 13, heads: 2, of: { layers: 1, heads: 2 } });
    expect(header.steps).toEqual(Array.from({ length: 13 }, (_, i) => 3 * i));
    expect(bytes.length).toBe(8 + length + 13 * 2 * header.rows * header.cols);
    expect((await ask(`${server.url}/api/train/film?x=3`)).status).toBe(404);
    expect((await ask(`${server.url}/api/train/film?x=../../x`)).status).toBe(400);
  });

  it("that broke off tells the step of its checkpoint, or none", async () => {
    const broken = join(folder, "broken");
    cpSync(join(folder, "served", "runs", "animals-1"), broken, { recursive: true });
    const file = join(broken, "history", "events.jsonl");
    const lines = readFileSync(file, "utf8").split("\n");
    const after = lines.findIndex((line) => line.includes('"type":"step"') && line.includes('"step":31,'));
    writeFileSync(file, `${lines.slice(0, after + 1).join("\n")}\n`);
    const last = join(broken, "checkpoints", "last.safetensors");
    const { progress } = await readSafeTensorsNotes(last);
    expect(JSON.parse(progress).step).toBe(36);
    const older = readFileSync(last, "latin1").replace('\\"step\\":36', '\\"step\\":30');
    writeFileSync(last, older, "latin1");
    expect(await statusOf(await serve(broken))).toMatchObject({ state: "stopped", step: 31, savedStep: 30 });
    rmSync(last);
    const status = await statusOf(await serve(broken));
    expect(status).toMatchObject({ state: "stopped", step: 31 });
    expect(status).not.toHaveProperty("savedStep");
  });

  it("is refused where it names what is not offered", async () => {
    const server = await serve(join(folder, "nothing"));
    const start = async (config: object) => {
      const { status, json } = await ask(`${server.url}/api/train`, { body: { cmd: "start", config } });
      return { status, code: json.code };
    };
    const [{ id }] = (await statusOf(server)).files;
    expect(await start({ file: data, preset: "translation" })).toEqual({ status: 422, code: "no_such_file" });
    expect(await start({ file: "../animals.tsv", preset: "translation" })).toEqual({
      status: 422,
      code: "no_such_file",
    });
    expect(await start({ file: id, preset: "huge" })).toEqual({ status: 422, code: "no_such_preset" });
    const wrong = { file: id, preset: "translation", options: { dModel: 7 } };
    expect(await start(wrong)).toEqual({ status: 422, code: "invalid_option" });
    const rate = { file: id, preset: "translation", options: { learningRate: 0 } };
    const refused = await ask(`${server.url}/api/train`, { body: { cmd: "start", config: rate } });
    expect(refused.json).toMatchObject({ code: "invalid_option", ko: expect.stringContaining("(학습률)") });
    expect(refused.json.en).toMatch(/^learningRate: /);
    expect(await start({ ...wrong, out: "/tmp/elsewhere" })).toMatchObject({ status: 400 });
    const resumed = await ask(`${server.url}/api/train`, { body: { cmd: "resume" } });
    expect(resumed.json.code).toBe("nothing_to_resume");
    expect(existsSync(join(folder, "nothing"))).toBe(false);
  });

  it("goes on as it was started: how often it is saved, and whether a history is kept", async () => {
    const out = join(folder, "unwatched");
    const run = { data, out, options, engine: await testEngine(), checkpointSeconds: 0, history: false };
    for await (const event of trainFolder(run)) if (event.type === "step" && event.step === 5) break;
    const told: RunEvent[] = [];
    const server = await serve(out, told);
    const over = liveUntil(server, "done");
    expect((await ask(`${server.url}/api/train`, { body: { cmd: "resume" } })).status).toBe(200);
    await over;
    const steps = told.filter(({ type }) => type === "step");
    expect(steps).toHaveLength(36 - 5);
    expect(told.filter(({ type }) => type === "checkpoint").length).toBeGreaterThanOrEqual(steps.length);
    expect(existsSync(join(out, "history"))).toBe(false);
  });

  it("that fails says why in both languages", async () => {
    const server = await serve(join(folder, "unread"));
    const [{ id }] = (await statusOf(server)).files;
    const failed = liveUntil(server, "failed");
    const config = { file: id, preset: "translation", options: { ...SMALL, maxLength: 3 } };
    const started = await ask(`${server.url}/api/train`, { body: { cmd: "start", config } });
    expect(started.status, started.text).toBe(200);
    await failed;
    const { problem } = await statusOf(server);
    expect(problem?.en).toMatch(/no pair is left/);
    expect(problem?.ko).toMatch(/^이 파일로는 학습할 수 없습니다/);
  });

  it("is only shown where the server was not told more", async () => {
    const server = await startServer({
      ...{ folder: join(folder, "served", "runs", "animals-1"), name: "run", host: "127.0.0.1", port: 0, origins: [] },
      ...{ workers: 1, threads: 1, limits: USUAL_LIMITS, page: plainPage, tell: () => {} },
      training: { commands: false, files: [] },
    });
    servers.push(server);
    const { json } = await ask(`${server.url}/api/train`, { body: { cmd: "resume" } });
    expect(json).toMatchObject({ code: "not_allowed", ko: expect.stringMatching(/--train-on/) });
  });
});
