import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { builtStudio } from "./built-studio.ts";
import { describeInChromium, launch, type WatchedPage, watchedPage } from "./chromium.ts";
import { axeFindings, type ServedStudio, serveStudio, trainTalker } from "./served-studio.ts";

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const ASKED = "오늘 너무 피곤해";
const ANSWERED = "푹 쉬고 내일 만나요.";

describeInChromium("the conversation in Chromium", () => {
  let browser: Browser;
  let server: ServedStudio;
  let folder: string;
  let watched: WatchedPage;
  const open = async (hash = "", options: Parameters<typeof watchedPage>[2] = {}): Promise<Page> => {
    watched = await watchedPage(browser, server.url, { viewport: DESKTOP, locale: "ko-KR", ...options });
    await watched.page.goto(`${server.url}/${hash}`);
    await watched.page.locator(".words.written .word.mark").waitFor();
    return watched.page;
  };
  const written = (page: Page) => page.locator(".words.written .word");
  const answer = (page: Page) => page.locator(".words.written .word > [aria-hidden]:not(small)").allTextContents();

  beforeAll(async () => {
    builtStudio();
    folder = await trainTalker("talker", "--num-heads", "4", "--d-feed-forward", "96");
    [browser, server] = await Promise.all([launch(), serveStudio(folder)]);
  }, 400_000);
  afterAll(() => browser?.close());
  afterEach(async () => {
    expect(watched).toMatchObject({ complaints: [], strangers: [] });
    await watched.page.context().close();
  });

  it("begins with an answer and where its words looked", async () => {
    const page = await open();
    expect((await answer(page)).join(" ").replace(" .", ".")).toBe(`${ANSWERED} 끝`);
    expect(await page.locator(".words.source .word > [aria-hidden]:not(small)").allTextContents()).toEqual(
      expect.arrayContaining(["오늘", "너무", "피곤해"]),
    );
    expect(await page.locator(".says").textContent()).toMatch(
      /^‘.+’ 단어를 쓸 때 어텐션의 \d+%를 ‘.+’에, \d+%를 ‘.+’에 두었습니다\.$/,
    );
    expect(await page.locator(".inspector .bars").first().locator("li").count()).toBe(6);
    const shares = await page.locator(".words.source small").allTextContents();
    const total = shares.reduce((sum, share) => sum + (Number.parseInt(share, 10) || 0), 0);
    expect(Math.abs(total - 100)).toBeLessThanOrEqual(shares.length);
  });

  it("draws ribbons that are together as wide as the bar of 100 %", async () => {
    const page = await open();
    await page.waitForTimeout(500);
    const widths = await page.locator(".ribbons path").evaluateAll((paths) =>
      paths.map((path) => {
        const xs = [...path.getAttribute("d")!.matchAll(/(-?[\d.]+),-?[\d.]+/g)].map(([, x]) => Number(x));
        return xs[7] - xs[0];
      }),
    );
    const bar = Number(await page.locator(".bar-q").getAttribute("width"));
    expect(widths.reduce((sum, width) => sum + width, 0)).toBeGreaterThan(bar - 2);
    expect(widths.reduce((sum, width) => sum + width, 0)).toBeLessThan(bar + 1);
  });

  it("answers Korean that is typed, and keeps what was said", async () => {
    const page = await open();
    await page.getByRole("textbox").fill("비가 와");
    await page.keyboard.press("Enter");
    await page.locator(".past li").waitFor();
    await page.locator(".words.written .word.mark").waitFor();
    expect((await answer(page)).join(" ")).toContain("우산을 꼭 챙기세요");
    expect(await page.locator(".past li").allTextContents()).toEqual([`${ASKED}${ANSWERED}`]);
    await page.locator(".past li button").click();
    await expect.poll(async () => (await answer(page)).join(" ")).toContain("푹 쉬고");
  });

  it("sends what an input method composes once", async () => {
    const page = await open();
    const asked: string[] = [];
    page.on("request", (request) => {
      if (request.url().endsWith("/api/generate")) asked.push(request.postDataJSON().src);
    });
    const keys = await page.context().newCDPSession(page);
    await page.getByRole("textbox").focus();
    await keys.send("Input.imeSetComposition", { text: "안녕", selectionStart: 2, selectionEnd: 2 });
    // The Enter that ends the composition, as Chromium tells of it: with the key code of a key the method has taken.
    const enter = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 229 };
    await keys.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...enter });
    await keys.send("Input.insertText", { text: "안녕" });
    await keys.send("Input.dispatchKeyEvent", { type: "keyUp", ...enter });
    expect(await page.getByRole("textbox").inputValue()).toBe("안녕");
    expect(asked).toEqual([]);
    await page.keyboard.press("Enter");
    await page.locator(".past li").waitFor();
    await expect.poll(async () => (await answer(page)).join(" ")).toContain("반가워요");
    expect(asked).toEqual(["안녕"]);
    expect(await page.getByRole("textbox").inputValue()).toBe("");
  });

  it("shows a word that is pointed at, keeps one that is pressed, and leaves it with Escape", async () => {
    const page = await open();
    await written(page).nth(1).hover();
    await expect.poll(() => page.locator(".inspected").textContent()).toMatch(/^쉬고/);
    expect(await written(page).nth(1).getAttribute("aria-pressed")).toBe("false");
    await page.locator(".composer").hover();
    await expect.poll(() => page.locator(".asking").textContent()).not.toBe("");

    await written(page).nth(2).click();
    await page.locator(".composer").hover();
    await expect.poll(() => page.locator(".inspected").textContent()).toMatch(/^내일/);
    expect(await written(page).nth(2).getAttribute("aria-pressed")).toBe("true");
    expect(new URL(page.url()).hash).toContain("i=3");
    await expect.poll(() => page.getByRole("status").textContent()).toMatch(/^‘내일’ 단어를 쓸 때/);
    await page.reload();
    await expect.poll(() => page.locator(".word[aria-pressed=true]").textContent()).toMatch(/^내일/);
    await written(page).nth(2).press("Escape");
    await expect.poll(() => page.locator(".word[aria-pressed=true]").count()).toBe(0);
  });

  it("shows who looked at a word of the source", async () => {
    const page = await open();
    const source = page.locator(".words.source .word", { hasText: "피곤해" });
    await source.click();
    await expect
      .poll(() => page.locator(".says").textContent())
      .toMatch(/^‘피곤해’ 단어를 가장 많이 바라본 자리는 ‘.+’ 단어로/);
    const shares = await page.locator(".words.written small").allTextContents();
    expect(shares.some((share) => /\d%/.test(share))).toBe(true);
    await source.click();
    expect(await source.getAttribute("aria-pressed")).toBe("false");
  });

  it("is used with the keyboard alone", async () => {
    const page = await open();
    await page.locator("body").press("Tab");
    await page.getByRole("button", { name: "본문으로 건너뛰기" }).press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
    for (let i = 0; i < 20 && !(await page.locator(".words.written :focus").count()); i++)
      await page.keyboard.press("Tab");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.locator(".inspected").textContent()).toMatch(/^쉬고/);
    await page.keyboard.press("Enter");
    expect(await page.locator(".words.written :focus").getAttribute("aria-pressed")).toBe("true");
    expect(await page.locator(".words.written :focus .unseen").textContent()).toMatch(
      /^쉬고, 2번째 단어, 확률 [<\d.]+%$/,
    );
    await page.keyboard.press("ArrowUp");
    expect(await page.locator(".words.source :focus").count()).toBe(1);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Escape");
    expect(await page.locator(".word[aria-pressed=true]").count()).toBe(0);
    for (let i = 0; i < 20 && !(await page.locator(".tree :focus").count()); i++) await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.locator(".tree-says").textContent()).toMatch(/여기까지 로그 확률/);
    const outline = await page.locator(".tree :focus").evaluate((element) => getComputedStyle(element).outlineStyle);
    expect(outline).toBe("solid");
  });

  it("goes on with a runner-up, and keeps the first answer", async () => {
    const page = await open();
    await written(page).nth(0).click();
    const runner = page.locator(".inspector .bars button").first();
    const word = (await runner.locator("span").first().textContent())!;
    await runner.click();
    await expect.poll(async () => (await answer(page))[0]).toMatch(new RegExp(`^${word}`));
    expect(await page.locator(".past li").count()).toBe(1);
    expect(new URL(page.url()).hash).toMatch(/force=\d+/);
  });

  it("brings another sentence of the search onto the stage", async () => {
    const page = await open();
    await page.getByRole("button", { name: "후보 문장" }).click();
    const sentences = page.locator(".n-best button");
    await expect.poll(() => sentences.count()).toBeGreaterThan(1);
    const second = await sentences.nth(1).locator("span").nth(1).textContent();
    await sentences.nth(1).click();
    await expect.poll(() => page.locator(".n-best [aria-current]").textContent()).toContain(second!);
    expect(await sentences.count()).toBeGreaterThan(1);
    expect(await page.locator(".past li").count()).toBe(0);
  });

  it("looks through the heads that are chosen", async () => {
    const page = await open();
    const heads = page.locator(".heads button");
    await expect.poll(() => heads.count()).toBe(8);
    const before = await page.locator(".inspector .bars").nth(1).textContent();
    await page.locator(".heads button[aria-pressed=true]").first().click();
    await expect.poll(() => page.locator(".inspector .bars").nth(1).textContent()).not.toBe(before);
    expect(await page.locator(".through-what").textContent()).toBe("고른 헤드 3개의 평균");
  });

  it("opens the row of a word in the Attention view, through the heads that are chosen", async () => {
    const page = await open("#talk?kind=dec&l=1&h=2");
    const pinned = page.locator(".map-pane .says");
    await written(page).nth(2).click();
    await page.locator(".heads button").first().waitFor();
    const through = page.getByRole("button", { name: "어텐션에서 자세히 보기" });
    await through.click();
    await expect.poll(() => pinned.textContent()).toMatch(/^‘내일’ 단어를 쓸 때/);
    expect(await page.locator(".map-pane h2").textContent()).toBe("2층 · 헤드 4개 평균");
    await page.goBack();
    await page.locator(".heads button").first().click();
    for (const head of [4, 5, 6, 7]) await page.locator(".heads button").nth(head).click();
    await expect.poll(() => page.locator(".through-what").textContent()).toBe("1층 · 1번 헤드");
    const looked = await page.locator(".inspector .bars").nth(1).locator("span").first().textContent();
    await through.click();
    await expect.poll(() => page.locator(".map-pane h2").textContent()).toBe("1층 · 1번 헤드");
    await expect.poll(() => pinned.textContent()).toMatch(new RegExp(`^‘내일’ 단어를 쓸 때 .+?를 ‘${looked}’에`));
    expect(await page.locator(".pair").textContent()).toContain("내일");
  });

  it("speaks both languages without loading again", async () => {
    const page = await open("#talk?i=2&unit=word");
    await page.getByRole("button", { name: "EN · Switch to English" }).click();
    expect(await page.locator("html").getAttribute("lang")).toBe("en");
    expect(await page.locator(".says").textContent()).toMatch(
      /^Writing ‘쉬고’, the model put \d+% of its attention on/,
    );
    expect(await page.locator(".views").textContent()).toBe("ConversationAttentionTrainingHow it works");
    // What is left in Korean is the model's text, and the button that leads back.
    const korean = await page.evaluate(() => {
      const walker = document.createTreeWalker(document.querySelector("#studio")!, NodeFilter.SHOW_TEXT);
      const found: string[] = [];
      while (walker.nextNode()) {
        const { textContent, parentElement } = walker.currentNode;
        const own = parentElement!.closest("[lang]")!.getAttribute("lang") !== "ko";
        if (own && /[가-힣]/.test(textContent!) && !parentElement!.closest(".unseen")) found.push(textContent!);
      }
      return found;
    });
    expect(korean).toEqual([]);
    await page.reload();
    await expect.poll(() => page.locator("html").getAttribute("lang")).toBe("en");
    await page.getByRole("button", { name: "한국어 · 한국어로 바꾸기" }).click();
    expect(await page.locator(".views").textContent()).toBe("대화어텐션학습원리");
  });

  it.each([1280, 1440])("keeps words and sentences of any length inside their card, %i pixels wide", async (width) => {
    const page = await open("", { viewport: { width, height: 800 } });
    const place = (selector: string) =>
      page.locator(selector).evaluateAll((elements) =>
        elements.map((element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return { top, bottom };
        }),
      );
    const [examples] = await place(".examples");
    for (const { top, bottom } of await place(".examples .button")) {
      expect(top).toBeGreaterThanOrEqual(examples.top - 1);
      expect(bottom).toBeLessThanOrEqual(examples.bottom + 1);
    }
    for (const [words, lines] of [
      [2, 1],
      [8, 1],
      [13, 2],
      [26, 3],
    ] as const) {
      await page.getByRole("textbox").fill(Array.from({ length: words }, () => "기분이").join(" "));
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator(".words.source .word").count()).toBe(words + 2);
      await page.locator(".words.written .word.mark").waitFor();
      await page.waitForTimeout(300);
      const [[stage], inside, [search], rows] = await Promise.all([
        place(".stage"),
        place(".stage > :not(.ribbons)"),
        place(".search"),
        place(".words.source .word:not(.mark)"),
      ]);
      expect(new Set(rows.map(({ top }) => Math.round(top))).size, `${words} words`).toBeGreaterThanOrEqual(lines);
      expect(Math.min(...inside.map(({ top }) => top)), `${words} words`).toBeGreaterThanOrEqual(stage.top);
      expect(Math.max(...inside.map(({ bottom }) => bottom)), `${words} words`).toBeLessThanOrEqual(stage.bottom);
      expect(search.top, `${words} words`).toBeGreaterThanOrEqual(stage.bottom);
    }
    // A word comes out from behind the field when it is reached.
    await page.locator(".words.source .word").first().focus();
    const [last] = (await place(".words.source .word")).slice(-1);
    await page.setViewportSize({ width, height: Math.round(last.bottom + 30) });
    await page.keyboard.press("End");
    const [[word], [field]] = await Promise.all([place(".words.source .word:focus"), place(".composer")]);
    expect(word.bottom).toBeLessThanOrEqual(field.top);
  });

  it("fits a phone: nothing scrolls sideways, everything is large enough to touch, the sheet opens", async () => {
    const page = await open("", { viewport: PHONE, hasTouch: true, isMobile: true });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
    await written(page).nth(1).tap();
    expect(await written(page).nth(1).getAttribute("aria-pressed")).toBe("true");
    expect(await page.locator(".inspected").textContent()).toMatch(/^쉬고/);
    const small = await page
      .locator(".views a, .option, .send, .sheet-grip, .words button")
      .evaluateAll((elements) =>
        elements.filter(
          (element) => element.getBoundingClientRect().height < 24 || element.getBoundingClientRect().width < 24,
        ),
      );
    expect(small).toEqual([]);
    const grip = page.locator(".sheet-grip");
    await grip.tap();
    expect(await grip.getAttribute("aria-expanded")).toBe("true");
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe("sheet-inside");
    await page.keyboard.press("Escape");
    expect(await grip.getAttribute("aria-expanded")).toBe("false");
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("sheet-grip");
  });

  it.each(
    [DESKTOP, PHONE].flatMap((viewport) =>
      (["light", "dark"] as const).flatMap((colorScheme) =>
        ["ko-KR", "en-US"].map((locale) => ({
          viewport,
          colorScheme,
          locale,
          name: `${viewport.width}px ${colorScheme} ${locale}`,
        })),
      ),
    ),
  )("has nothing that axe-core finds wrong: $name", async ({ viewport, colorScheme, locale }) => {
    const page = await open("#talk?i=2&unit=word", { viewport, colorScheme, locale, reducedMotion: "reduce" });
    await page.locator(".heads button").first().waitFor({ state: "attached" });
    expect(await axeFindings(page)).toEqual([]);
  });

  it("says that it works, and for how long, while a server loads its model", async () => {
    watched = await watchedPage(browser, server.url, { viewport: DESKTOP, locale: "ko-KR" });
    const { page } = watched;
    await page.route("**/api/model", (route) =>
      route.fulfill({ status: 503, json: { type: "error", code: "loading", ko: "", en: "" } }),
    );
    await page.goto(server.url);
    await page.getByText("계산하고 있습니다 · 3초").waitFor();
    await page.unroute("**/api/model");
    await page.locator(".words.written .word.mark").waitFor();
    // That there is no model yet is what it was to be told.
    (watched.complaints as string[]).length = 0;
  });

  it("says how to train where there is no model, and where to watch a training that is under way", async () => {
    watched = await watchedPage(browser, server.url, { viewport: DESKTOP, locale: "ko-KR" });
    const { page } = watched;
    let state = "none";
    await page.route("**/api/model", (route) =>
      route.fulfill({ status: 503, json: { type: "error", code: "no_model", ko: "", en: "" } }),
    );
    await page.route("**/api/train", (route) => route.fulfill({ json: { state } }));
    await page.goto(server.url);
    await expect.poll(() => page.locator(".no-model code").last().textContent()).toContain("--out model --studio");
    state = "run";
    await page.getByRole("link", { name: "학습 보기" }).waitFor();
    expect(await page.locator(".no-model code").count()).toBe(0);
    expect(await page.getByRole("link", { name: "학습 보기" }).getAttribute("href")).toBe("#train");
    // That there is no model is what it was to be told.
    (watched.complaints as string[]).length = 0;
  });

  it("keeps its answer while the server is gone, and asks again what broke off", async () => {
    const page = await open();
    await page.getByRole("textbox").fill("비가 와");
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await answer(page)).join(" ")).toContain("우산을");
    const beam = page.getByRole("slider", { name: /빔/ });
    await page.route("**/api/generate", (route) => route.abort());
    await beam.fill("2");
    await expect.poll(() => page.url()).toContain("beam=2");
    await page.waitForTimeout(300);
    expect((await answer(page)).join(" ")).toContain("우산을");
    await page.getByRole("textbox").fill("배가 고파");
    await page.keyboard.press("Enter");
    await page.getByText("예문을 고르거나").waitFor();
    await page.route("**/health", (route) => route.abort());
    await page.locator(".notice").waitFor();
    expect([await beam.isDisabled(), await page.locator(".past li button").last().isDisabled()]).toEqual([true, true]);
    await page.unroute("**/api/generate");
    await page.unroute("**/health");
    await expect.poll(async () => (await answer(page)).join(" "), { timeout: 30_000 }).toContain("맛있는");
    // Asking in vain is what it was to do.
    (watched.complaints as string[]).length = 0;
  });

  it("says when the server is gone, finds it again by itself, and asks for a token that it wants then", async () => {
    const own = await serveStudio(folder);
    watched = await watchedPage(browser, own.url, { viewport: DESKTOP, locale: "ko-KR" });
    const { page } = watched;
    await page.goto(own.url);
    await page.locator(".words.written .word.mark").waitFor();
    const text = await page.locator(".stage").textContent();
    await own.stop();
    await page.locator(".notice").waitFor();
    expect(await page.locator(".stage").textContent()).toBe(text);
    expect(await page.locator(".send").isDisabled()).toBe(true);
    await serveStudio(folder, new URL(own.url).port, "--token", "sesame");
    await expect.poll(() => page.locator(".notice").count(), { timeout: 30_000 }).toBe(0);
    await page.getByLabel("이 서버의 토큰").fill("barley");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("맞지 않는 토큰입니다.").waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByLabel("이 서버의 토큰").fill("sesame");
    await page.keyboard.press("Enter");
    await page.getByRole("textbox").fill("비가 와");
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await answer(page)).join(" ")).toContain("우산을");
    // Behind # it goes to no server, and a copied address does not hold it.
    const other = await browser.newPage();
    await other.goto(`${own.url}/#token=sesame`);
    await other.locator(".words.written .word.mark").waitFor();
    expect(other.url()).not.toContain("sesame");
    await other.close();
    // Asking in vain is what it was to do.
    (watched.complaints as string[]).length = 0;
  });
});
