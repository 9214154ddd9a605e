import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { builtStudio } from "../browser/built-studio.ts";
import { ask } from "../server/running.ts";
import { at, expectComplaint, jumok, start } from "./command.ts";
import { saveRandomModel } from "./random-model.ts";

/** It trains the real demo for three epochs. */
const PATIENCE = 240_000;

it(
  "jumok demo trains, goes on as it was told after it was stopped, and does not train twice",
  async () => {
    const out = at("my demo");
    const words = ["demo", "--out", out, "--no-chat", "--epochs", "3", "--threads", "1"];
    const stopped = await jumok([...words, "--overwrite"], { stopAt: { printed: "epoch 1/3", signal: "SIGINT" } });
    expect(stopped.code, stopped.stderr).toBe(130);
    const told = /stopped at step (\d+); go on with: (.*)\n/.exec(stopped.stderr);
    expect(told?.[2]).toBe(`jumok demo --out '${out}' --no-chat --epochs 3 --threads 1`);

    expectComplaint(await jumok([...words, "--epochs", "4"]), {
      code: 2,
      message: /--epochs is 4, but the run in .*my demo has 3; leave --epochs out, or start anew with --overwrite/,
    });

    const again = await jumok(words);
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toContain(`going on after step ${told?.[1]} of `);
    expect(again.stderr).toContain(`talk to it: jumok chat '${out}'\n`);
    const { options } = JSON.parse(readFileSync(at("my demo", "training.json"), "utf8"));
    expect(options).toMatchObject({ epochs: 3, dModel: 192, validFraction: 0 });

    const talk = await jumok(["demo", "--out", out]);
    expect(talk).toMatchObject({ code: 0, stdout: expect.stringMatching(/^(› .+\n.*\n){3}$/) });
    expect(talk.stderr).toContain("holds a trained model; --overwrite trains it anew");
  },
  PATIENCE,
);

it(
  "jumok demo ends with the studio: it tells the address, and there the page answers until Ctrl-C",
  async () => {
    builtStudio();
    const out = at("trained");
    await saveRandomModel(out);
    const child = start(["demo", "--out", out, "--port", "0"]);
    const over = once(child, "close");
    const [line] = await once(createInterface({ input: child.stdout }), "line");
    const [, url] = /^talk to it, and see what it attends to: (http:\/\/127\.0\.0\.1:\d+)$/.exec(line) ?? [];
    const page = await ask(`${url}/`);
    expect(page).toMatchObject({ status: 200, headers: { "content-type": expect.stringMatching(/^text\/html/) } });
    expect(page.text).toContain("<script");
    expect((await ask(`${url}/api/model`)).json).toMatchObject({ task: "chat", arch: "transformer" });
    child.kill("SIGINT");
    expect(await over).toEqual([0, null]);
  },
  PATIENCE,
);
