import { FONTS } from "../charts/palette.ts";
import { escaped } from "../charts/svg.ts";
import type { ExplainedText } from "./attention-map.ts";
import { type AttentionChoice, attentionViews } from "./attention-view.ts";
import { pageData } from "./page-data.ts";
import { COLOURS, MAP_STYLE } from "./page-style.ts";
import { VIEWER_SCRIPT } from "./viewer-script.ts";

/**
 * A page to look at all attention of a text: one HTML file that needs nothing else, neither server nor network. Kind,
 * layer and head are chosen in it; it follows the language and the light or dark colours of the browser.
 *
 * @param first what it shows when it is opened
 * @throws {AttentionError} when there is no such attention
 */
export function attentionPage(explained: ExplainedText, first: AttentionChoice = {}): string {
  attentionViews(explained, first);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(explained.text)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1 id="example"></h1>
<form id="controls"></form>
<div class="panes">
<section id="overview"><h2 id="overview-title"></h2><div id="thumbs"></div></section>
<section>
<h2 id="heading"></h2>
<p id="reading"></p>
<div id="map"></div>
<p id="told" aria-live="polite"></p>
<div class="below">
<div id="legend" aria-hidden="true"><div id="bar"></div><div id="ticks"></div></div>
<div id="mask"><i></i><span id="mask-name"></span></div>
</div>
<p id="hint"></p>
</section>
</div>
</main>
<noscript>This page needs JavaScript. 이 페이지는 자바스크립트가 필요합니다.</noscript>
<script type="application/json" id="data">${scriptJson(pageData(explained, first))}</script>
<script>${VIEWER_SCRIPT.replaceAll("</", "<\\/")}</script>
</body>
</html>
`;
}

/** JSON that may stand in a script element: no text in it can end the element or begin a comment. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const STYLE = `
${COLOURS}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.65 ${FONTS}}
:lang(ko){word-break:keep-all;overflow-wrap:anywhere}
main{max-width:1240px;margin:0 auto;padding:32px 24px 48px}
h1{font-size:24px;line-height:1.35;font-weight:650;letter-spacing:-.01em;margin:0 0 20px;overflow-wrap:anywhere}
h2{font-size:17px;line-height:27px;font-weight:650;margin:0}
.panes{display:flex;flex-wrap:wrap;gap:16px;margin-top:16px;align-items:flex-start}
#overview{flex:1 1 340px;max-width:100%}
#overview+section{flex:100 1 560px;min-width:0}
section{background:var(--surface);border-radius:20px;padding:24px}
p{margin:4px 0;color:var(--ink2)}
[hidden]{display:none!important}
form{display:flex;flex-wrap:wrap;gap:8px 20px}
fieldset{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:2px;min-width:0}
legend{font-size:12px;color:var(--ink2);padding:0 0 4px}
label{position:relative;cursor:pointer}
label input{position:absolute;inset:0;opacity:0;margin:0;cursor:pointer}
label span{display:block;min-width:36px;padding:7px 12px;border-radius:99px;background:var(--sunken);font-size:13px;font-weight:550;
line-height:20px;text-align:center;white-space:nowrap}
input:checked+span{background:var(--ink);color:var(--surface)}
input:focus-visible+span,button:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
#thumbs{display:grid;grid-template-columns:repeat(var(--heads),minmax(24px,56px));gap:4px;margin-top:12px}
#thumbs button{padding:2px;border:0;border-radius:6px;background:none;cursor:pointer}
#thumbs button[aria-pressed=true]{box-shadow:0 0 0 2px var(--ink)}
#thumbs canvas{display:block;width:100%;image-rendering:pixelated;border-radius:3px}
#map{overflow-x:auto;padding:8px 4px}
${MAP_STYLE}#told{min-height:27px;font-size:17px;line-height:27px;color:var(--ink)}
.below{display:flex;flex-wrap:wrap;gap:8px 32px;align-items:flex-start;margin-top:12px}
#legend{width:220px;padding:0 12px 0 4px}
#bar{height:10px;border-radius:2px}
#ticks{position:relative;height:20px;font-size:12px;color:var(--ink2)}
#ticks span{position:absolute;white-space:nowrap;transform:translateX(-50%)}
#mask{display:flex;gap:8px;align-items:center;font-size:12px;color:var(--ink2)}
#mask i{width:18px;height:18px;background:repeating-linear-gradient(135deg,var(--mask) 0 6px,var(--mask-ink) 6px 7px)}
#hint{font-size:12px;margin-top:12px}
@media (max-width:600px){main{padding:16px 12px}section{padding:16px;border-radius:16px}h1{font-size:20px}}
`;
