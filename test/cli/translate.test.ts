import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { at, expectComplaint, jsonLines, jumok, write } from "./command.ts";
import { saveRandomModel } from "./random-model.ts";

const model = at("model");
const translate = (words: readonly string[], input?: string) => jumok(["translate", model, ...words], { input });

beforeAll(() => saveRandomModel(model));

const SENTENCES = ["영화 볼래", "커피 마실까", "오늘 같이 가자", "좋아요", "영화", "오늘 커피 볼래"];

describe("jumok translate", () => {
  it("gives of a file what chat gives of each line, with four beams", async () => {
    const chat = jsonLines(await jumok(["chat", model, "--json", "--beam", "4"], { input: SENTENCES.join("\n") }));
    const file = write("in.txt", `\ufeff${SENTENCES.join("\r\n")}`);
    const outcome = await translate([file]);
    expect(outcome).toMatchObject({ code: 0, stderr: "" });
    const oneLine = (text: string) => text.replace(/[\n\v\f\r\x85\u2028\u2029]+/g, " ").trim();
    expect(outcome.stdout.split("\n")).toEqual([...chat.map(({ answer }) => oneLine(answer)), ""]);
    expect(new Set(chat.map(({ answer }) => answer)).size).toBeGreaterThan(3);
  });

  it("computes in eight bits, nearly the same", async () => {
    const scores = async (...flags: string[]) =>
      jsonLines(await translate(["--json", "--beam", "1", ...flags], SENTENCES.join("\n"))).map(({ score }) => score);
    const [whole, small] = [await scores(), await scores("--precision", "int8")];
    expect(small).toHaveLength(SENTENCES.length);
    expect(small).not.toEqual(whole);
  });

  it("gives a line for a line, whatever that holds", async () => {
    const odd = [
      "",
      "  \t",
      "👨‍👩‍👧 😀",
      "a\0b\x1b[0m",
      "c\u2028d\u0085e\vf\fg\rh",
      "e\u0301 \u1112\u1161\u11ab é 한",
      "#<pad> <end> ||| ▁",
    ];
    const long = ["가".repeat(2000), "영화 볼래. ".repeat(1000)];
    const { code, stdout, stderr } = await translate(
      ["-", "--beam", "1", "--max-tokens", "3"],
      [...odd, ...long].join("\n"),
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.split("\n");
    expect(lines).toHaveLength(odd.length + long.length + 1);
    expect(lines.slice(0, 2)).toEqual(["", ""]);
    for (const line of lines) expect(line).not.toMatch(/[\v\f\r\x85\u2028\u2029]/);
    expect(lines[7].length).toBeGreaterThan(1000);
  });

  it("writes into a file, n-best lists and JSON too", async () => {
    const out = at("out.txt");
    expect(await translate(["--n-best", "6", "-o", out], "영화 볼래\n\n")).toEqual({ code: 0, stdout: "", stderr: "" });
    const lines = readFileSync(out, "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(7);
    for (const line of lines.slice(0, 6))
      expect(line).toMatch(/^0 \|\|\| .* \|\|\| logP= -\d+\.\d{4} \|\|\| -\d+\.\d{4}$/);
    expect(lines[6]).toBe("1 |||  ||| logP= 0.0000 ||| 0.0000");
    const [{ nBest, translation, ...others }] = jsonLines(await translate(["--json", "--n-best", "2"], "영화 볼래\n"));
    expect(nBest).toHaveLength(2);
    expect(lines[0]).toContain(` ||| ${translation} ||| logP= ${others.score.toFixed(4)} `);
    expect(others).toMatchObject({ line: 1, input: "영화 볼래" });
  });

  it("draws what chat draws with the same seed", async () => {
    const flags = ["--temperature", "3", "--seed", "5", "--json"];
    const chat = jsonLines(await jumok(["chat", model, ...flags], { input: "영화\n커피\n" }));
    const drawn = jsonLines(await translate(flags, "영화\n커피\n"));
    expect(drawn.map(({ score }) => score.toFixed(3))).toEqual(chat.map(({ score }) => score.toFixed(3)));
  });

  it("tells lines that are not UTF-8 and ends with 1", async () => {
    const bytes = Buffer.concat([Buffer.from("영화\n"), Buffer.from([0xbf, 0xb5, 0x0a]), Buffer.from("커피\n")]);
    const file = write("cp949.txt", bytes);
    const outcome = await translate([file]);
    expectComplaint(outcome, { code: 1, message: /cp949\.txt, line 2: not valid UTF-8: .*iconv -f cp949 -t utf-8/ });
    expect(outcome.stdout).toMatch(/^.+\n\n.+\n$/);
  });

  it("stops with Ctrl-C between two lines", async () => {
    const input = Array.from({ length: 100_000 }, (_, i) => `${SENTENCES[i % SENTENCES.length]} ${i}\n`).join("");
    const words = ["translate", model, "--beam", "1", "--max-tokens", "4", "--json"];
    const outcome = await jumok(words, { input, stopAt: { printed: '"line":100,', signal: "SIGINT" } });
    expect(outcome.code).toBe(130);
    expect(outcome.stdout.endsWith("\n")).toBe(true);
    const lines = jsonLines(outcome);
    expect(lines.map(({ line }) => line)).toEqual(lines.map((_, i) => i + 1));
    expect(lines.length).toBeLessThan(100_000);
    expect(outcome.stderr).toContain(`stopped after ${lines.length.toLocaleString("en-US")} lines\n`);
  });

  it.each([
    [["none.txt"], 1, /none\.txt: there is no such file; check the path/],
    [["."], 1, /this is a folder; name a file in it/],
    [["--beam", "2", "--n-best", "3"], 2, /nBest: must not be more than beam, not 3/],
    [["--beam", "2", "--seed", "1"], 2, /beam: must be 1 where tokens are drawn, not 2/],
    [["-o", "."], 1, /is a folder, not a file/],
  ])("refuses %j", async (words, code, message) => {
    expectComplaint(await translate(words), { code, message });
  });
});
