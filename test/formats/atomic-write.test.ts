import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PendingFile, writeAtomically } from "../../src/formats/atomic-write.ts";

const folder = mkdtempSync(join(tmpdir(), "jumok-write-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]) => join(folder, ...names);

describe("a pending file", () => {
  it("takes its place when it is kept, and not before", async () => {
    writeFileSync(at("old"), "old");
    const file = await PendingFile.open(at("old"));
    await file.write("가\n");
    await file.write(Buffer.from("나\n"));
    expect(readFileSync(at("old"), "utf8")).toBe("old");
    await file.keep();
    expect(readFileSync(at("old"), "utf8")).toBe("가\n나\n");
    expect(readdirSync(folder)).toEqual(["old"]);
  });

  it("leaves everything as it was when it is discarded", async () => {
    const file = await PendingFile.open(at("none"));
    await file.write("half");
    await file.discard();
    expect(readdirSync(folder)).not.toContain("none");
    expect(readdirSync(folder)).not.toContain("none.tmp");
  });

  it("makes folders, replaces what a link names, and writes devices as they stand", async () => {
    await writeAtomically(at("one", "two", "three"), "new");
    expect(readFileSync(at("one", "two", "three"), "utf8")).toBe("new");
    symlinkSync(at("one", "two", "three"), at("link"));
    await writeAtomically(at("link"), [Buffer.from("ne"), Buffer.from("wer")]);
    expect(readFileSync(at("one", "two", "three"), "utf8")).toBe("newer");
    await writeAtomically("/dev/null", "nothing");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("refuses a folder", async () => {
    await expect(PendingFile.open(folder)).rejects.toThrow(/EISDIR/);
  });

  it.runIf(statSync("/dev/full", { throwIfNoEntry: false }))("tells when there is no room", async () => {
    await expect(writeAtomically("/dev/full", "text")).rejects.toThrow(/ENOSPC/);
  });
});
