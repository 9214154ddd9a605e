import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { builtStudio } from "./built-studio.ts";
import { describeInChromium, launch, type WatchedPage, watchedPage } from "./chromium.ts";
import { axeFindings, type ServedStudio, serveStudio, trainTalker } from "./served-studio.ts";

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

/** A number as the page writes it. */
const numberOf = (text: string) => Number(text.replace("−", "-").replace("%", ""));
const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

describeInChromium("the attention view in Chromium", () => {
  let browser: Browser;
  let server: ServedStudio;
  let watched: WatchedPage;
  const open = async (hash: string, options: Parameters<typeof watchedPage>[2] = {}): Promise<Page> => {
    watched = await watchedPage(browser, server.url, { viewport: DESKTOP, locale: "ko-KR", ...options });
    await watched.page.goto(`${server.url}/#attn${hash}`);
    await watched.page.locator(".map-pane .says").waitFor();
    return watched.page;
  };
  const title = (page: Page) => page.locator(".map-pane h2").textContent();
  const pair = async (page: Page) => (await page.locator(".pair").textContent())!.trim();
  /** The rows of the step that is unfolded, as they are written. */
  const table = async (page: Page, step: number) => {
    const item = page.locator(".steps > li").nth(step);
    await item.locator(".step-head").click();
    return item
      .locator(".step-table tr")
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
  };
  /** Weights as the table for screen readers has them, row by row. */
  const said = (page: Page) =>
    page
      .locator("table[aria-rowcount] tbody tr")
      .evaluateAll((rows) => rows.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent ?? "")));

  let folder: string;
  beforeAll(async () => {
    builtStudio();
    folder = await trainTalker("looker", "--num-heads", "4", "--d-feed-forward", "96", "--max-length", "66");
    [browser, server] = await Promise.all([launch(), serveStudio(folder)]);
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
  });
  afterEach(async () => {
    // What is no longer wanted is given up; an answer that fails is told in the console.
    const complaints = watched.complaints.filter((text) => !/\/(health|api\/.+) failed$/.test(text));
    expect({ complaints, strangers: watched.strangers }).toEqual({ complaints: [], strangers: [] });
    await watched.page.context().close();
  });

  it("enlarges the head that is pressed, by mouse and by keyboard", async () => {
    const page = await open("?x=e1&l=2&h=1");
    expect(await title(page)).toBe("2층 · 1번 헤드");
    await page.locator('[data-head="1.3"]').click();
    expect(await title(page)).toBe("1층 · 3번 헤드");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => title(page)).toBe("2층 · 4번 헤드");
    expect(page.url()).toContain("l=2&h=4");
    await page.getByRole("button", { name: "디코더 셀프" }).click();
    await expect.poll(() => page.locator(".legend-mask").textContent()).toBe("룩어헤드 마스크");
  });

  it("shows arithmetic of a pressed cell that can be worked out again, and a row that adds up to one", async () => {
    const page = await open("?x=e1&l=2&h=1");
    const map = page.locator(".map");
    const cell = page.locator(".map-drawing rect").nth(1);
    const [box, at] = [await map.boundingBox(), await cell.boundingBox()];
    await map.click({ position: { x: at!.x - box!.x + at!.width / 2, y: at!.y - box!.y + at!.height / 2 } });
    await expect.poll(() => page.url()).toContain("&i=1&j=2");
    await expect.poll(() => page.locator(".steps > li").count()).toBe(7);
    // The steps of the cell before stay until those of this one have come.
    const figures = () => page.locator(".step-value").allTextContents();
    await expect.poll(async () => (await pair(page)).endsWith((await figures())[5]!)).toBe(true);
    const values = await figures();
    const [product, scaled, mask, share] = values.slice(2, 6);
    expect(mask).toBe("+ 0");
    expect(await pair(page)).toContain(share);

    const products = await table(page, 2);
    const lines = products.slice(1, -1).map((cells) => cells.slice(1).map(numberOf));
    for (const [q, k, qk] of lines) expect(q * k).toBeCloseTo(qk, 2);
    expect(sum(lines.map(([, , qk]) => qk))).toBeCloseTo(numberOf(products.at(-1)!.at(-1)!), 1);
    expect(numberOf(products.at(-1)!.at(-1)!)).toBeCloseTo(numberOf(product), 1);
    expect(numberOf(product) / Math.sqrt(lines.length)).toBeCloseTo(numberOf(scaled), 1);

    const row = (await table(page, 5)).slice(1);
    const shares = row.slice(0, -1).map((cells) => ({ score: numberOf(cells[1]), share: numberOf(cells[3]) }));
    const powers = shares.map(({ score }) => Math.exp(score));
    for (const [i, { share }] of shares.entries()) {
      expect(Math.abs((100 * powers[i]) / sum(powers) - share)).toBeLessThanOrEqual(0.55);
    }
    expect(row.at(-1)!.at(-1)).toBe("100%");
    expect(shares[1].share).toBeCloseTo(numberOf(share), 5);
  });

  it("merges pieces into words whose rows still add up, and opens a piece of a merged cell", async () => {
    const page = await open("?x=e1&l=2&h=1&unit=word&i=1&j=2");
    const rows = await said(page);
    for (const row of rows) {
      const shares = row.map((text) => numberOf(text.split(", ").at(-1)!.replace("<", "")));
      expect(Math.abs(sum(shares) - 100)).toBeLessThanOrEqual(row.length * 0.5);
    }
    await page.locator(".merged-pieces button").first().click();
    await expect.poll(() => page.locator(".steps > li").count()).toBe(7);
    expect(page.url()).toContain("unit=piece");
  });

  it("hides what the decoder cannot see behind a pattern, in maps, thumbs and figures", async () => {
    const page = await open("?x=e1&kind=dec&l=1&h=1");
    const size = (await said(page)).length;
    const hidden = page.locator('.map-drawing rect[fill^="url(#mask-future"]');
    expect(await hidden.count()).toBe((size * (size - 1)) / 2);
    expect((await said(page))[0][1]).toMatch(/룩어헤드 마스크로 가림$/);
    const colours = await page.locator('[data-head="1.1"] canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      const at = (row: number, col: number) => [...data.slice(4 * (row * canvas.width + col)).slice(0, 3)].join();
      return { right: [at(0, 1), at(0, 2), at(0, 3)], style: getComputedStyle(canvas).getPropertyValue("--mask") };
    });
    expect(colours.style.trim()).toBe("#ebedee");
    expect(colours.right.filter((colour) => colour === "235,237,238")).toHaveLength(2);
  });

  it("is restored by its address", async () => {
    const page = await open("?x=e2");
    await page.getByRole("button", { name: "인코더 셀프" }).click();
    await page.locator('[data-head="1.2"]').click();
    await page.getByRole("button", { name: "행 최댓값에 맞춤" }).click();
    await page.getByRole("button", { name: "선", exact: true }).click();
    await page.locator(".lines-asker[aria-pressed=false]").first().click();
    await expect.poll(() => page.url()).toContain("&i=");
    await page.mouse.move(0, 0);
    const [address, said] = [page.url(), await page.locator(".says").textContent()];
    const before = await title(page);
    await page.context().close();
    watched = await watchedPage(browser, server.url, { viewport: DESKTOP, locale: "ko-KR" });
    await watched.page.goto(address);
    await watched.page.locator(".lines-asker[aria-pressed=true]").waitFor();
    await expect.poll(() => watched.page.locator(".says").textContent()).toBe(said);
    expect(await title(watched.page)).toBe(before);
    expect(await watched.page.locator(".legend").textContent()).toContain("100% = 그 행의 최댓값");
  });

  it("can be walked through, pinned, read out and left by the keyboard alone", async () => {
    const page = await open("?x=e1&l=2&h=1&i=1&j=1");
    await page.locator('table[aria-rowcount] td[tabindex="0"]').focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    expect(await page.locator(":focus").getAttribute("data-place")).toMatch(/^2,/);
    expect(await page.locator(".map-ring").isVisible()).toBe(true);
    await page.keyboard.press("r");
    await expect.poll(() => page.getByRole("status").textContent()).toMatch(/^‘.+’ 행: .+%/);
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toContain("&i=2&j=1");
    expect(await page.locator(":focus").textContent()).toBe("이 칸의 계산");
    await page.locator('table[aria-rowcount] td[tabindex="0"]').focus();
    await page.keyboard.press("Escape");
    await expect.poll(() => page.url()).not.toContain("&i=");
    expect(await page.locator(".arithmetic").textContent()).toContain("칸을 누르면");
  });

  it("keeps up with a pointer over a map of many words", async () => {
    const page = await open(`?s=${encodeURIComponent(Array.from({ length: 58 }, () => "안녕").join(" "))}&kind=enc`);
    const map = (await page.locator(".map").boundingBox())!;
    const rows = Number(await page.locator("table[aria-rowcount]").getAttribute("aria-rowcount")) - 1;
    expect(rows).toBe(60);
    expect(await page.locator(".map-pixels").count()).toBe(1);
    await page.evaluate(() => {
      const frames: number[] = [];
      Object.assign(window, { frames });
      const tick = (now: number) => {
        frames.push(now);
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    });
    for (let step = 0; step < 60; step++) {
      await page.mouse.move(map.x + map.width * (0.4 + 0.009 * step), map.y + map.height * (0.3 + 0.01 * step));
    }
    const frames = await page.evaluate(() => (window as unknown as { frames: number[] }).frames);
    const gaps = frames
      .slice(1)
      .map((at, i) => at - frames[i])
      .sort((a, b) => a - b);
    const [median, slowest] = [gaps[Math.floor(gaps.length / 2)], gaps[gaps.length - 1]];
    process.stderr.write(
      `attention: ${rows} × ${rows} cells, pointer moving: frames of ${median.toFixed(1)} ms, at most ${slowest.toFixed(1)} ms\n`,
    );
    await expect.poll(() => page.locator(".map-rules.peek").count()).toBe(1);
  });

  it("shows a part of a long map on a phone, which Shift and arrows move, and its numbers where nothing is drawn", async () => {
    const text = Array.from({ length: 58 }, () => "안녕").join(" ");
    const page = await open(`?s=${encodeURIComponent(text)}&kind=enc&i=1&j=1`, { viewport: PHONE });
    const part = page.locator(".map-window p");
    const before = await part.textContent();
    await page.locator("table[aria-rowcount] td[tabindex='0']").focus();
    await page.keyboard.press("Shift+ArrowRight");
    await expect.poll(() => part.textContent()).not.toBe(before);
    await page.addInitScript(() => {
      HTMLCanvasElement.prototype.getContext = () => null;
    });
    await page.setViewportSize(DESKTOP);
    await page.reload();
    const table = page.locator(".numbers-table");
    await table.getByText("그림을 그리지 못해 표로 보여 드립니다.").waitFor();
    expect(await table.locator("tbody tr").count()).toBe(60);
  });

  it("opens the idea behind a cell with the cell's own numbers", async () => {
    const page = await open("?x=e1&l=2&h=1&i=1&j=2");
    const share = (await page.locator(".pair b").textContent())!;
    await page.locator(".learn").click();
    await page.getByText("불러온 모델의 2층 1번 헤드").waitFor();
    expect(page.url()).toMatch(/#how\/2\?.*&kind=cross&l=2&h=1&i=1&j=2$/);
    expect(await page.locator(".lesson-figures .num").nth(1).textContent()).toBe(share);
  });

  it("saves figures, numbers and a page of one file that open elsewhere", async () => {
    const page = await open("?x=e1&l=2&h=1");
    await page.getByRole("button", { name: "내보내기" }).click();
    const saved = async (name: string) => {
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name }).click()]);
      return readFileSync(await download.path());
    };
    const svg = (await saved("그림(SVG)")).toString();
    expect(svg).toMatch(/^<svg [^>]*width="174mm"[^>]*viewBox="0 0 174 /);
    expect(svg).not.toContain("<text");
    expect(svg).toContain('aria-label="바라보는 단어"');
    const png = await saved("그림(PNG)");
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    // 174 mm at 96 dots an inch, twice over.
    expect(Math.abs(png.readUInt32BE(16) - (2 * 174 * 96) / 25.4)).toBeLessThan(3);
    await page.getByRole("button", { name: "선", exact: true }).click();
    await page.getByRole("button", { name: "내보내기" }).click();
    const ribbons = (await saved("그림(SVG)")).toString().match(/stroke-width="[\d.]+"/g) ?? [];
    expect(ribbons.length).toBeGreaterThan(4);
    await page.getByLabel("글자를 윤곽선으로").uncheck();
    expect((await saved("그림(SVG)")).toString()).toMatch(/@font-face\{.*data:font\/woff2;base64,.*<text/s);
    const numbers = JSON.parse((await saved("숫자(JSON)")).toString());
    expect(numbers).toMatchObject({ kind: "cross", layer: 2, head: 1, scale: "fixed" });
    expect(numbers.weights).toHaveLength(numbers.shape[0] * numbers.shape[1]);
    for (let row = 0; row < numbers.shape[0]; row++) {
      expect(sum(numbers.weights.slice(row * numbers.shape[1], (row + 1) * numbers.shape[1]))).toBeCloseTo(1, 4);
    }
    const html = (await saved("한 파일 페이지(HTML)")).toString();
    const alone = await page.context().newPage();
    await alone.setContent(html);
    expect(await alone.locator("#thumbs button").count()).toBe(8);
    await alone.close();
  });

  it("turns off what needs a server that is gone, and asks again when it is back and has forgotten all", async () => {
    const own = await serveStudio(folder);
    watched = await watchedPage(browser, own.url, { viewport: DESKTOP, locale: "ko-KR" });
    const { page } = watched;
    await page.goto(`${own.url}/#attn?x=e1&l=2&h=1&i=1&j=2`);
    const words = page.locator(".occlusion-words button:enabled");
    await expect.poll(() => words.count(), { timeout: 20_000 }).toBe(3);
    const before = await page.locator(".steps").textContent();
    await own.stop();
    await page.locator(".notice").waitFor();
    const [picker, exporting] = [page.locator(".sentence-picker > button"), page.locator(".export-menu > button")];
    expect([await picker.isDisabled(), await exporting.isDisabled()]).toEqual([true, true]);
    expect(await page.locator(".steps").textContent()).toBe(before);
    // It has not seen these while the server was there.
    await page.locator('[data-head="1.3"]').click();
    const again = await serveStudio(folder, new URL(own.url).port);
    await expect.poll(() => page.locator(".notice").count(), { timeout: 30_000 }).toBe(0);
    await expect.poll(() => words.count(), { timeout: 20_000 }).toBe(3);
    await expect.poll(() => page.locator(".steps > li").count()).toBe(7);
    await expect.poll(() => page.locator(".steps").textContent()).not.toBe(before);
    expect(await page.locator(".attention-cut").count()).toBe(0);
    expect([await picker.isDisabled(), await exporting.isDisabled()]).toEqual([false, false]);
    // A cell that cannot be told is said to be so.
    await page.route("**/api/cell?*", (route) =>
      route.fulfill({ status: 500, json: { type: "error", code: "broken" } }),
    );
    await page.locator('[data-head="1.2"]').click();
    await page.getByText("이 칸의 계산을 불러오지 못했습니다.").waitFor();
    await again.stop();
    // Asking in vain is what it was to do.
    (watched.complaints as string[]).length = 0;
  });

  it("asks another model that took the place of the one that answered", async () => {
    const page = await open("?x=e1");
    await page.goto(`${server.url}/#talk?x=e2`);
    await page.locator(".words.written .word.mark").waitFor();
    let asked = 0;
    page.on("request", (request) => {
      if (request.url().endsWith("/api/generate")) asked++;
    });
    await page.getByRole("link", { name: "어텐션", exact: true }).click();
    await page.locator(".map-pane .says").waitFor();
    expect(asked).toBe(0);
    await page.route("**/api/model", async (route) => {
      const card = await (await route.fetch()).json();
      return route.fulfill({ json: { ...card, id: "other", name: "other" } });
    });
    await page.locator(".model-chip", { hasText: "other" }).waitFor();
    await expect.poll(() => asked).toBe(1);
    await page.locator(".map-pane .says").waitFor();
  });

  it("keeps which lines are drawn in its address, and says when that is of another model", async () => {
    const page = await open("?m=other&x=e1&l=2&h=1&show=lines");
    await page.locator(".notice").getByText("‘other’ 모델로 만든 것입니다.").waitFor();
    await page.locator(".notice button").click();
    await expect.poll(() => page.locator(".notice").count()).toBe(0);
    await page.getByRole("slider").fill("75");
    await page.getByLabel("끝 표시 숨기기").check();
    expect(page.url()).toMatch(/\?m=looker&.*&mass=75&marks=hidden$/);
    await page.reload();
    await page.locator(".map-pane .says").waitFor();
    expect(await page.getByRole("slider").inputValue()).toBe("75");
    expect(await page.getByLabel("끝 표시 숨기기").isChecked()).toBe(true);
  });

  it("shows what it may not copy, and says what the largest of all heads is", async () => {
    watched = await watchedPage(browser, server.url, { viewport: DESKTOP, locale: "ko-KR" });
    const { page } = watched;
    // As in a page that came over plain HTTP from another machine.
    await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await page.goto(`${server.url}/#attn?x=e1&agg=max&i=2`);
    await expect
      .poll(() => page.locator(".map-pane .says").textContent())
      .toMatch(/^‘.+’ 자리에서 헤드들이 둔 어텐션 가운데 가장 큰 값은 ‘.+’에 .+%/);
    await page.getByRole("button", { name: "내보내기" }).click();
    await page.getByRole("button", { name: "주소 복사" }).click();
    const field = page.locator(".copy-by-hand textarea");
    expect(await field.inputValue()).toBe(page.url());
    expect(await field.evaluate((area: HTMLTextAreaElement) => area.selectionEnd)).toBe(page.url().length);
  });

  it("hides words from a whole word, as likely as its pieces together", async () => {
    const page = await open("?x=e1&unit=piece&i=1&j=2");
    const pieces = await page.locator("table[aria-rowcount] tbody th").allTextContents();
    const asked = new Set<number>();
    page.on("request", (request) => {
      if (request.url().endsWith("/api/occlude")) asked.add((request.postDataJSON() as { i: number }).i);
    });
    await page.getByRole("button", { name: "단어", exact: true }).click();
    const whole = await page.locator("table[aria-rowcount] tbody th").allTextContents();
    const row = whole.findIndex((text) => !pieces.includes(text));
    await page.evaluate((i) => {
      location.hash = `#attn?x=e1&unit=word&i=${i}`;
    }, row + 1);
    await expect.poll(() => page.locator(".pair .asker").textContent()).toBe(whole[row]);
    await expect.poll(() => asked.size, { timeout: 20_000 }).toBeGreaterThan(1);
    await expect.poll(() => page.locator(".occlusion-words button:enabled").count(), { timeout: 20_000 }).toBe(3);
    const asker = await page.locator(".pair .asker").textContent();
    expect(await page.locator(".occlusion h2 .caption").textContent()).toBe(asker);
    const named = await page.locator(".occlusion-words button").first().getAttribute("aria-label");
    expect(named).toMatch(/어텐션 .+%, 가리면 확률이 .+% → .+%/);
  });

  it("says what it hides: a word of the source without which the answer changes", async () => {
    const page = await open("?x=e1&i=1&j=2");
    const words = page.locator(".occlusion-words button:enabled");
    await expect.poll(() => words.count(), { timeout: 20_000 }).toBe(3);
    await words.nth(2).click();
    expect(await page.locator(".occlusion-answers").textContent()).toContain("원래 답");
    expect(await page.locator(".occlusion-note").textContent()).toBe(
      "많이 바라본 단어가 꼭 결과를 바꾼 단어는 아닙니다.",
    );
  });

  it.each(["ko-KR", "en-US"])("fits a phone, and has nothing that axe-core finds wrong (%s)", async (locale) => {
    for (const [viewport, colorScheme] of [
      [DESKTOP, "light"],
      [PHONE, "dark"],
    ] as const) {
      const page = await open("?x=e1&i=1&j=2", { viewport, locale, colorScheme, hasTouch: viewport === PHONE });
      await page.locator(".pair").waitFor();
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wide).toBeLessThanOrEqual(0);
      expect(await axeFindings(page)).toEqual([]);
      if (viewport === DESKTOP) await page.context().close();
    }
  });
});
