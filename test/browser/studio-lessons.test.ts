import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { studioPage } from "../../src/server/studio-page.ts";
import { LESSON_NAMES } from "../../studio/lessons/lesson-names.ts";
import en from "../../studio/locales/en/lessons.json" with { type: "json" };
import ko from "../../studio/locales/ko/lessons.json" with { type: "json" };
import { randomSeq2Seq } from "../formats/small-models.ts";
import { serveModel } from "../server/running.ts";
import { builtStudio } from "./built-studio.ts";
import { describeInChromium, launch, type WatchedPage, watchedPage } from "./chromium.ts";

const axe = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
const LANGUAGES = { ko, en };

describeInChromium("How it works, in Chromium", () => {
  let browser: Browser;
  let url: string;

  beforeAll(async () => {
    const page = await studioPage(builtStudio());
    const server = await serveModel(randomSeq2Seq(), { page });
    await server.ready;
    url = server.url;
    browser = await launch();
  }, 600_000);
  afterAll(() => browser?.close());

  /** The page in a language and a theme, at its first screen. */
  async function opened(setting: {
    language: "ko" | "en";
    theme?: "light" | "dark";
    viewport?: typeof WIDE;
  }): Promise<WatchedPage> {
    const { language, theme = "light", viewport = WIDE } = setting;
    const watched = await watchedPage(browser, url, { viewport, reducedMotion: "reduce" });
    await watched.page.addInitScript(
      `localStorage.setItem("jumok.language", "${language}"); localStorage.setItem("jumok.theme", "${theme}")`,
    );
    await watched.page.goto(`${url}/#how/1`);
    await watched.page.locator("[role=slider]").waitFor();
    return watched;
  }

  async function turnTo(page: Page, number: number, title: string): Promise<void> {
    await page.evaluate((hash) => {
      location.hash = hash;
    }, `#how/${number}`);
    await page.locator(".lesson-head h2", { hasText: title }).waitFor();
    await page.locator("[role=slider]").waitFor();
  }

  /** What follows the handle: the numbers and the sentence made of them. */
  function told(page: Page): Promise<string> {
    return page
      .locator(".lesson-figures, .lesson-says")
      .evaluateAll((all) => all.map((each) => each.textContent).join());
  }

  it("has letters in all files of its typeface", async () => {
    const { page } = await opened({ language: "ko" });
    const states = await page.evaluate(async () => {
      const faces = [...document.fonts].filter(({ family }) => family.includes("jumok UI"));
      return Promise.all(faces.map((face) => face.load().then(({ status }) => status, String)));
    });
    expect(states.length).toBeGreaterThan(10);
    expect(new Set(states)).toEqual(new Set(["loaded"]));
    await page.context().close();
  });

  describe.each(["ko", "en"] as const)("in %s", (language) => {
    it("has on each screen one handle, its sentence, and numbers that follow the handle", async () => {
      const { page, complaints, strangers } = await opened({ language });
      for (const [i, name] of LESSON_NAMES.entries()) {
        const words = LANGUAGES[language][name];
        await turnTo(page, i + 1, words.title);
        const slider = page.locator("[role=slider]");
        expect(await slider.count(), name).toBe(1);
        expect(await slider.getAttribute("aria-label"), name).toBeTruthy();
        expect(await page.locator(".lesson-idea").textContent()).toBe(words.idea);
        const [before, place] = [await told(page), await slider.getAttribute("aria-valuetext")];
        await slider.focus();
        const atEnd = (await slider.getAttribute("aria-valuenow")) === (await slider.getAttribute("aria-valuemax"));
        await page.keyboard.press(atEnd ? "ArrowLeft" : "ArrowRight");
        expect(await slider.getAttribute("aria-valuetext"), name).not.toBe(place);
        expect(await told(page), name).not.toBe(before);
      }
      // The page gives up a question about health that a busy machine answers late, and asks again.
      expect(complaints.filter((text) => text !== `${url}/health failed`)).toEqual([]);
      expect(strangers).toEqual([]);
    }, 120_000);
  });

  it.each([
    { theme: "light", viewport: WIDE },
    { theme: "dark", viewport: NARROW },
  ] as const)(
    "has no serious finding of axe and no sideways scroll, $theme, $viewport.width pixels wide",
    async (look) => {
      const { page } = await opened({ language: "ko", ...look });
      await page.evaluate(axe);
      for (const [i, name] of LESSON_NAMES.entries()) {
        await turnTo(page, i + 1, ko[name].title);
        const found = await page.evaluate(async () => {
          const { violations } = await (window as never as { axe: typeof import("axe-core") }).axe.run("#main");
          return violations
            .filter(({ impact }) => impact === "serious" || impact === "critical")
            .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" ")}`);
        });
        expect(found, name).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), name).toBeLessThanOrEqual(
          0,
        );
      }
    },
    180_000,
  );

  it("moves a handle by pointer and by a typed number", async () => {
    const { page } = await opened({ language: "ko" });
    const slider = page.locator("[role=slider]");
    const knob = (await slider.boundingBox())!;
    await page.mouse.move(knob.x + knob.width / 2, knob.y + knob.height / 2);
    await page.mouse.down();
    await page.mouse.move(knob.x + 4000, knob.y);
    await page.mouse.up();
    expect(await slider.getAttribute("aria-valuenow")).toBe("40");
    await page.locator(".value-box input").fill("7");
    await page.keyboard.press("Enter");
    expect(await slider.getAttribute("aria-valuenow")).toBe("7");
  });

  it("says of the reader's own model that it is one, however many of its heads are shown", async () => {
    const { page } = await opened({ language: "en" });
    await turnTo(page, 6, en.heads.title);
    const about = page.locator(".lesson-foot details .caption");
    await page.locator(".lesson-foot summary").click();
    const [mine, tiny] = [en.heads.aboutOwn, en.heads.about];
    const pressed = (await about.textContent()) === mine;
    await page.getByRole("button", { name: pressed ? en.withTiny : en.withMine }).click();
    await expect.poll(() => about.textContent()).toBe(pressed ? tiny : mine);
    await page.getByRole("button", { name: pressed ? en.withMine : en.withTiny }).click();
    await expect.poll(() => about.textContent()).toBe(pressed ? mine : tiny);
    await page.context().close();
  });

  it("turns pages by its list, its buttons and its address", async () => {
    const { page } = await opened({ language: "en" });
    await page.locator(".lesson-list a").nth(4).click();
    expect(new URL(page.url()).hash).toMatch(/^#how\/5\b/);
    await page.getByRole("button", { name: en.next }).click();
    await page.locator(".lesson-head h2", { hasText: en.heads.title }).waitFor();
    expect(await page.getByRole("button", { name: en.withMine }).count()).toBe(1);
    await turnTo(page, 12, en.warmUp.title);
    expect(await page.getByRole("button", { name: en.withMine }).count()).toBe(0);
  });
});
