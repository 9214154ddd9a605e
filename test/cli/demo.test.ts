import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { at, expectComplaint, jumok } from "./command.ts";

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
