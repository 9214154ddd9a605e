import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { describe } from "vitest";

/** The path of a Chromium that is installed, such as that of the apt package. */
const CHROMIUM = ["chromium", "chromium-browser", "google-chrome"]
  .flatMap((name) => (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name)))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

/** Tests that want a Chromium. Where there is none (apt: chromium) they are skipped, and their name says why. */
export function describeInChromium(name: string, tests: () => void): void {
  if (CHROMIUM === undefined) describe.skip(`${name} (no Chromium installed)`, tests);
  else describe(name, tests);
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
      ...[
        "--disable-background-networking",
        "--disable-component-update",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
      ],
    ],
  });
}

/** A page, with what went wrong in it and what it asked of others than its own host. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: readonly string[];
  readonly strangers: readonly string[];
}

export async function watchedPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions,
): Promise<WatchedPage> {
  const context = await browser.newContext(options);
  const complaints: string[] = [];
  const strangers: string[] = [];
  await context.route(
    (url) => url.origin !== origin,
    (route) => {
      strangers.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  page.setDefaultTimeout(100_000);
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => {
    // What the page itself broke off is no failure; Chromium also says so of streams that were read to their end.
    const why = request.failure()?.errorText;
    if (why !== "net::ERR_ABORTED") complaints.push(`${request.url()} failed: ${why}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  return { page, complaints, strangers };
}
