import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { cpSync, truncateSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveModelFolder } from "../../src/formats/model-folder.ts";
import { ENDLESS, patient, rest, stream } from "../server/endless.ts";
import { ask, until } from "../server/running.ts";
import { at, expectComplaint, jumok, start } from "./command.ts";

const model = at("talker");
const children: ChildProcessWithoutNullStreams[] = [];
beforeAll(() => saveModelFolder(model, patient(), {}));
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

interface Served {
  readonly url: string;
  readonly child: ChildProcessWithoutNullStreams;
  /** The lines of standard output, as they come. */
  readonly lines: AsyncIterator<string>;
  /** Standard error so far. */
  told(): string;
  readonly over: Promise<[code: number | null, signal: string | null]>;
}

/** Runs `jumok serve` until it says that it answers. */
async function serve(...flags: string[]): Promise<Served> {
  const child = start(["serve", model, "--port", "0", "--workers", "1", ...flags]);
  children.push(child);
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    told += text;
  });
  const over = once(child, "close") as Served["over"];
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value, done } = await lines.next();
  if (done === true) throw new Error(`the server ended: ${told}`);
  const url = /http:\/\/[\d.:]+/.exec(value)?.[0] ?? "";
  if (flags.includes("--json")) {
    expect(JSON.parse(value)).toMatchObject({ type: "ready", url, port: Number(url.split(":").at(-1)) });
    expect(JSON.parse(value).model).toMatchObject({ id: "talker", task: "chat", architecture: "jumok-recurrent" });
  } else expect(value).toMatch(/^talker \(chat, [\d,]+ parameters\) answers at http:\/\/127\.0\.0\.1:\d+$/);
  return { url, child, lines, told: () => told, over };
}

describe("jumok serve", () => {
  it("answers, tells each request where asked to, and ends with 0 when told to", async () => {
    const { url, child, told, over } = await serve("--verbose");
    const { status, json } = await ask(`${url}/v1/chat`, { body: { text: "오늘", maxTokens: 3 } });
    expect({ status, tokens: json.tokens.length <= 3 }).toEqual({ status: 200, tokens: true });
    await ask(`${url}/nothing?secret=1`);
    child.kill("SIGINT");
    expect(await over).toEqual([0, null]);
    expect(told()).toMatch(/^POST \/v1\/chat 200 \d+ ms\nGET \/nothing 404 \d+ ms\n$/);
  });

  it("tells everything as JSON", async () => {
    const { url, child, lines, told, over } = await serve("--json", "--verbose", "--name", "talker");
    await ask(`${url}/v1/chat`, { body: {} });
    const event = JSON.parse((await lines.next()).value as string);
    expect(event).toEqual({
      type: "request",
      method: "POST",
      path: "/v1/chat",
      status: 400,
      milliseconds: expect.any(Number),
    });
    child.kill("SIGTERM");
    expect(JSON.parse((await lines.next()).value as string)).toEqual({ type: "end", answered: true });
    expect(await over).toEqual([0, null]);
    expect(told()).toBe("");
  });

  it("lets a stream be written to its end before it ends", async () => {
    const { url, child, told, over } = await serve();
    const written = await stream(url, { text: "오늘", minTokens: 1000, maxTokens: 1001 });
    child.kill("SIGTERM");
    const { text, last } = await rest(written);
    expect(last.event).toBe("done");
    expect(JSON.parse(last.data).answer).toBe(text);
    expect(await over).toEqual([0, null]);
    expect(told()).toBe("");
  });

  it("waits no longer than it may", async () => {
    const short = await serve("--drain", "0.1");
    const endless = await stream(short.url, { text: "오늘", ...ENDLESS });
    short.child.kill("SIGTERM");
    expect(await short.over).toEqual([1, null]);
    expect(short.told()).toBe("some requests were not answered in time\n");
    await expect(rest(endless)).rejects.toThrow();
  });

  it("ends at once at a second signal", async () => {
    const long = await serve("--drain", "1000");
    const another = await stream(long.url, { text: "오늘", ...ENDLESS });
    long.child.kill("SIGTERM");
    // It has taken the first signal when it takes no more connections.
    await until(() =>
      ask(`${long.url}/health`).then(
        () => false,
        () => true,
      ),
    );
    long.child.kill("SIGTERM");
    expect(await long.over).toEqual([null, "SIGTERM"]);
    await expect(rest(another)).rejects.toThrow();
  });
});

describe.concurrent("jumok serve refuses", () => {
  it("an address that others reach, without a token or a word", async () => {
    const message = /--host 0\.0\.0\.0 lets others ask; give --token SECRET, or --insecure if everybody may$/;
    expectComplaint(await jumok(["serve", model, "--host", "0.0.0.0"]), { code: 2, message });
    expectComplaint(await jumok(["serve", model, "--token", ""]), { code: 2, message: /--token is empty/ });
  });

  it("a port that is in use, or is none", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const outcome = await jumok(["serve", model, "--port", String(port)]);
    other.close();
    const message = new RegExp(
      `cannot listen on 127.0.0.1, port ${port}: another program listens there; choose another`,
    );
    expectComplaint(outcome, { code: 1, message });
    expectComplaint(await jumok(["serve", model, "--port", "65536"]), { code: 2, message: /from 0 to 65535/ });
  });

  it("a folder without a model, and a damaged one", async () => {
    const nowhere = await jumok(["serve", at("nowhere"), "--port", "0"]);
    expectComplaint(nowhere, { code: 1, message: /nowhere\/config\.json: is not there; is this the folder/ });
    cpSync(model, at("damaged"), { recursive: true });
    truncateSync(at("damaged", "model.safetensors"), 5000);
    const damaged = await jumok(["serve", at("damaged"), "--port", "0"]);
    expectComplaint(damaged, { code: 1, message: /damaged\/model\.safetensors: .*; the file is damaged/ });
  });
});
