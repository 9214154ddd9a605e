import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { studioPage } from "../../src/server/studio-page.ts";
import { serveInference } from "./running.ts";
import { ScriptedInference } from "./scripted-inference.ts";

const folder = mkdtempSync(join(tmpdir(), "jumok-page-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("serves the files that were built, by their paths and by nothing else", async () => {
  const built = join(folder, "built");
  mkdirSync(join(built, "assets"), { recursive: true });
  writeFileSync(join(built, "index.html"), "<h1>주목</h1>");
  writeFileSync(join(built, "assets/main-1.js"), "1;");
  writeFileSync(join(built, "assets/letters.woff2"), Uint8Array.of(0, 255));
  writeFileSync(join(built, "notes.unknown"), "not for the page");
  writeFileSync(join(folder, "secret.txt"), "beside the page");
  const page = await studioPage(built);
  const { ask } = await serveInference(new ScriptedInference(), { page });

  const first = await ask("/?view=talk");
  expect(first).toMatchObject({ status: 200, text: "<h1>주목</h1>" });
  expect(first.headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(first.headers["content-security-policy"]).toContain("default-src 'self'; img-src 'self' data: blob:");
  const script = await ask("/assets/main-1.js");
  expect(script).toMatchObject({ status: 200, text: "1;" });
  expect(script.headers["content-type"]).toMatch(/^text\/javascript/);
  expect((await ask("/assets/letters.woff2")).headers["content-type"]).toBe("font/woff2");
  for (const path of [
    "/notes.unknown",
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/assets",
    "/assets/..%2f..%2fsecret.txt",
  ]) {
    expect(await ask(path), path).toMatchObject({ status: 404 });
  }
});

it("is not there where nothing was built", async () => {
  expect(await studioPage(join(folder, "nothing"))).toBeUndefined();
});
