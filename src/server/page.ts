/** A file of a web page. */
export interface PageFile {
  readonly type: string;
  readonly content: string | Uint8Array;
}

/** The files of a web page by their paths, such as `/`. They are looked up, never read from the path. */
export type Page = (path: string) => PageFile | undefined;

/** A page that says what this is. */
export const plainPage: Page = (path) =>
  path === "/" ? { type: "text/html; charset=utf-8", content: PLAIN } : undefined;

const PLAIN = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>jumok</title>
<h1>jumok</h1>
<p>A trained attention model answers here. <span lang="ko">학습된 어텐션 모델이 답하는 서버입니다.</span></p>
<ul>
  <li><a href="/openapi.json">/openapi.json</a>: what can be asked</li>
  <li><a href="/v1/model">/v1/model</a>: what model this is</li>
  <li><a href="/metrics">/metrics</a>: how it is doing</li>
</ul>
</html>
`;
