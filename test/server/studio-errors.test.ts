import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { checkedOptions } from "../../src/decoding/search-options.ts";
import { ApiError } from "../../src/server/api-error.ts";
import { studioEventOf } from "../../src/server/studio-errors.ts";
import { serveInference } from "./running.ts";
import { CHAT, ScriptedInference } from "./scripted-inference.ts";

const server = fileURLToPath(new URL("../../src/server/", import.meta.url));
const source = readdirSync(server)
  .map((name) => readFileSync(`${server}${name}`, "utf8"))
  .join("\n");

/** What only the public API tells, or the server before any route. */
const NOT_OF_THE_PAGE = new Set([
  ...["unsupported_parameter", "wrong_model", "no_such_attention", "too_much_attention"],
  ...["method_not_allowed", "not_found", "model_not_found", "request_timeout", "headers_too_large", "invalid_http"],
]);

/** The codes of all errors that this server has, but those of the studio, which bring their Korean along. */
const codes = [...source.matchAll(/(?:new ApiError\(\s*|\[\s*)\d{3},\s*"(\w+)"/g)].map(([, code]) => code);
const INSIDE = studioEventOf(new ApiError(500, "internal", "x")).ko;

describe("an error that the page is told", () => {
  it.each([...new Set(codes)].filter((code) => !NOT_OF_THE_PAGE.has(code)))("is in Korean too: %s", (code) => {
    const { ko, en } = studioEventOf(new ApiError(400, code, "in English"));
    expect(en).toBe("in English");
    expect(ko).toMatch(/[가-힣]/);
    if (code !== "internal") expect(ko).not.toBe(INSIDE);
  });

  it("is one of many", () => {
    expect(new Set(codes)).toContain("queue_full");
    expect(new Set(codes)).toContain("body_too_large");
    expect(new Set(codes)).toContain("draining");
    expect(new Set(codes).size).toBeGreaterThan(20);
  });

  it("says what is too long and how long it may be", async () => {
    const { ask } = await serveInference(new ScriptedInference(CHAT), { limits: { text: 20 } });
    const long = await ask("/api/generate", { body: { src: "가".repeat(21) } });
    expect(long).toMatchObject({
      status: 422,
      json: {
        code: "invalid_value",
        ko: "문장이 21자입니다. 20자까지 보낼 수 있으니 짧게 줄여 주세요.",
        en: "src: has 21 characters, and may have at most 20; make it shorter",
      },
    });
    const wide = await ask("/api/generate", { body: { src: "가", beam: 99 } });
    expect(wide.json).toMatchObject({ ko: "beam: 16 이하여야 합니다.", en: "beam: must be at most 16" });
  });

  it("is not about the page where options of a search do not go together", () => {
    const failed = () => checkedOptions({ beam: 2, nBest: 3 });
    expect(failed).toThrow();
    try {
      failed();
    } catch (error) {
      expect(studioEventOf(error)).toMatchObject({ code: "invalid_value", ko: expect.stringMatching(/설정/) });
    }
  });
});
