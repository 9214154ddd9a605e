import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readPairs } from "../../src/data/pairs.ts";
import { learntPairs } from "../../src/training/learnt-pairs.ts";
import { heldOutPairs } from "../../src/training/prepare.ts";

const folder = mkdtempSync(join(tmpdir(), "jumok-learnt-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const rows = Array.from({ length: 20 }, (_, i) => `${i % 4}\tanswer ${i}\tquestion ${i}\n`).join("");
const data = write("data.tsv", `topic\tanswer\tquestion\n${rows}`);
const columns = { source: "question", target: "answer" };
const options = { seed: 3, validFraction: 0.25, keepTogether: "none" as const };

/** Notes of a run on that file, with some of them changed. */
function noted(changed: Readonly<Record<string, unknown>> = {}): string {
  const sha256 = createHash("sha256").update(readFileSync(data)).digest("hex");
  write("training.json", JSON.stringify({ data: { file: data, sha256, columns }, options, ...changed }));
  return folder;
}

const sources = (pairs: readonly { source: string }[] | undefined) => pairs?.map(({ source }) => source);

describe("the pairs that a model learnt from", () => {
  it("are those of the file that its run did not hold out", async () => {
    const { pairs } = await readPairs(data, columns);
    const learnt = await learntPairs(noted());
    expect(sources(learnt)).toEqual(sources(heldOutPairs(pairs, options).train));
    expect(learnt).toHaveLength(15);
    const grouped = noted({
      data: {
        ...JSON.parse(readFileSync(join(noted(), "training.json"), "utf8")).data,
        columns: { ...columns, group: "topic" },
      },
      options: { ...options, keepTogether: "group" },
    });
    expect(new Set((await learntPairs(grouped))!.map(({ group }) => group)).size).toBe(3);
  });

  it("are all where another file was held out", async () => {
    expect(await learntPairs(noted({ valid: { file: "valid.tsv", sha256: "" } }))).toHaveLength(20);
  });

  it("are known from the same file elsewhere, and of another file are all", async () => {
    const away = noted({
      data: { ...JSON.parse(readFileSync(join(noted(), "training.json"), "utf8")).data, file: "/away" },
    });
    expect(await learntPairs(away)).toBeUndefined();
    const copy = write("copy.tsv", readFileSync(data, "utf8"));
    expect(await learntPairs(away, { file: copy, columns: {} })).toHaveLength(15);
    const other = write("other.tsv", "Q\tA\nhello\thi\n");
    expect(sources(await learntPairs(away, { file: other, columns: {} }))).toEqual(["hello"]);
  });

  it("are not known where the file has changed, or there are no notes", async () => {
    const changed = noted();
    write("data.tsv", `topic\tanswer\tquestion\n${rows}more\tmore\tmore\n`);
    expect(await learntPairs(changed)).toBeUndefined();
    write("data.tsv", `topic\tanswer\tquestion\n${rows}`);
    expect(await learntPairs(changed)).toHaveLength(15);
    write("training.json", "{}");
    expect(await learntPairs(folder)).toBeUndefined();
    rmSync(join(folder, "training.json"));
    expect(await learntPairs(folder)).toBeUndefined();
  });

  it("cannot be had from a file that is not there", async () => {
    await expect(learntPairs(noted(), { file: join(folder, "none"), columns: {} })).rejects.toThrow(
      /none: there is no such/,
    );
  });
});
