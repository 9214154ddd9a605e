import { describe, expect, it } from "vitest";
import { readConfigFile } from "../../src/cli/config-file.ts";
import { VERSION } from "../../src/training/version.ts";
import { at, expectComplaint, jsonLines, jumok, PAIRS, write } from "./command.ts";

/** In the order of the help. */
const COMMANDS = [
  "train",
  "chat",
  "translate",
  "attention",
  "classify",
  "serve",
  "evaluate",
  "compare",
  "export",
  "import",
  "demo",
];

describe.concurrent("jumok", () => {
  it.each([[["--help"]], ...COMMANDS.map((name) => [[name, "--help"]])])("%j has examples", async (words) => {
    const { code, stdout, stderr } = await jumok(words);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/Examples:\n {2}jumok /);
  });

  it("lists every command in its help", async () => {
    const { stdout } = await jumok(["--help"]);
    const [, listed] = /\nCommands:\n((?: {2}.*\n)+)/.exec(stdout)!;
    expect([...listed.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name).filter((name) => name !== "help")).toEqual(
      COMMANDS,
    );
  });

  it("tells its version", async () => {
    expect(await jumok(["--version"])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: "" });
  });

  it.each([
    [["frob"], /unknown command 'frob'/],
    [["train", "x.csv"], /'--out <dir>' not specified; see jumok train --help/],
    [["train", "--out", "x"], /missing the file of examples/],
    [["chat"], /missing required argument 'dir'/],
    [["train", "x.csv", "--out", "x", "--epoch", "3"], /unknown option '--epoch' \(Did you mean --epochs\?\)/],
    [
      ["train", "x.csv", "--out", "x", "--preset", "huge"],
      /'huge' is invalid.*notes-chatbot, small, translation, .*base, big/,
    ],
    [["train", "x.csv", "--out", "x", "--epochs", "many"], /--epochs <n>' argument 'many' is invalid/],
    [["train", "x.csv", "--out", "x", "--num-heads", "5"], /numHeads: must divide dModel, not 5/],
    [["train", "x.csv", "--out", "x", "--device", "tpu"], /'tpu' is invalid.*cpu, wasm, cuda, webgpu, coreml/],
    [["train", "x.csv", "--out", "x", "--valid", "y.csv", "--valid-fraction", "0.1"], /cannot be used with/],
    [["train", "x.csv", "--out", "x", "--batch-size", "8", "--batch-tokens", "64"], /one of batchSize and batchTokens/],
  ])("%j is wrong use", async (words, message) => {
    expectComplaint(await jumok(words), { code: 2, message });
  });

  it("shows help where there is no command", async () => {
    const { code, stderr } = await jumok([]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^Usage: jumok/);
  });

  it("tells errors as JSON too", async () => {
    const outcome = await jumok(["train", "x.csv", "--out", "x", "--preset", "huge", "--json"]);
    expectComplaint(outcome, { code: 2, message: /huge/ });
    expect(jsonLines(outcome)).toEqual([{ type: "error", message: expect.stringContaining("huge") }]);
  });

  it("names the key of a config file that is not known", async () => {
    const data = write("config-pairs.csv", PAIRS);
    const config = write("config.yaml", "preset: small\nnumLayer: 3\n");
    const outcome = await jumok(["train", data, "--out", at("config-model"), "--config", config]);
    expectComplaint(outcome, { code: 2, message: /config\.yaml, line 2: numLayer: there is no such key/ });
  });

  it("names a device this machine does not have, and those it has", async () => {
    const data = write("device-pairs.csv", PAIRS);
    const outcome = await jumok(["train", data, "--out", at("device-model"), "--device", "coreml"]);
    expectComplaint(outcome, { code: 1, message: /device coreml: .*it has cpu, .*wasm/ });
  });
});

describe("a config file", () => {
  it("is YAML or JSON", async () => {
    const options = { preset: "base", numLayers: 3, labelSmoothing: 0.1, lowercase: true, norm: "pre" };
    const yaml = "preset: base # the paper's\nnumLayers: 3\nlabelSmoothing: 0.1\nlowercase: true\nnorm: pre\n";
    expect(await readConfigFile(write("good.yaml", yaml))).toEqual(options);
    expect(await readConfigFile(write("good.json", JSON.stringify(options, undefined, "\t")))).toEqual(options);
  });

  it.each([
    ["dropout: 2\n", /line 1: dropout: .*<1/],
    ["epochs: 3\nnorm: middle\n", /line 2: norm: .*"post"\|"pre"/],
    ["preset: huge\n", /line 1: preset: /],
    ["epochs: [3\n", /line \d: this is not YAML or JSON/],
    ["- epochs\n", /line 1: there should be keys with values/],
    ["", /there should be keys with values/],
    ["epochs: 1\nepochs: 2\n", /line 2: this is not YAML or JSON \(Map keys must be unique\)/],
  ])("%j is refused", async (text, message) => {
    await expect(readConfigFile(write("bad.yaml", text))).rejects.toThrow(message);
  });

  it("that cannot be read is wrong use, and why is told", async () => {
    const train = (config: string) => jumok(["train", "x.csv", "--out", at("none"), "--config", config]);
    const message = /^jumok: --config: cannot read none\.yaml \(no such file\)$/;
    expectComplaint(await train("none.yaml"), { code: 2, message });
    await expect(readConfigFile(at())).rejects.toThrow(`--config: cannot read ${at()} (is a folder, not a file)`);
  });
});
