import { FONTS } from "../charts/palette.ts";
import { COLOURS, MAP_STYLE } from "../explain/page-style.ts";

/** The page of a browser export. Everything it loads is beside it. */
export const PAGE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; worker-src 'self' blob:; img-src data:; base-uri 'none'; form-action 'none'">
<title>주목 jumok</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Ccircle cx='8' cy='8' r='6' fill='%23c81542'/%3E%3C/svg%3E">
<link rel="stylesheet" href="style.css">
<link rel="modulepreload" href="jumok.js">
<script type="module" src="page.js"></script>
</head>
<body>
<header id="top"><h1><span lang="ko">주목</span> jumok</h1></header>
<main>
<div id="state" class="late" role="status">
<p lang="ko">이 페이지는 웹 서버로 열어야 합니다. 이 폴더의 README.md에 방법이 있습니다.</p>
<p>This page has to be opened through a web server; README.md in this folder tells how.</p>
</div>
<div id="log"></div>
<p id="news" class="unseen" role="status"></p>
</main>
<footer id="bottom"></footer>
<noscript><p lang="ko">이 페이지는 자바스크립트가 필요합니다.</p><p>This page needs JavaScript.</p></noscript>
</body>
</html>
`;

/** Its style sheet. */
export const PAGE_STYLE = `${COLOURS}
*{box-sizing:border-box}
html{height:100%}
body{margin:0;min-height:100%;display:flex;flex-direction:column;background:var(--bg);color:var(--ink);font:15px/1.65 ${FONTS}}
:lang(ko){word-break:keep-all;overflow-wrap:anywhere}
button,textarea,select{font:inherit;color:inherit}
p{margin:0}
[hidden]{display:none!important}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
#top,main,#composer{width:100%;max-width:760px;margin:0 auto;padding:0 20px}
#top{display:flex;align-items:center;justify-content:space-between;padding-top:16px;padding-bottom:8px}
h1{margin:0;font-size:17px;line-height:27px;font-weight:650}
h1 span{color:var(--q)}
button,select{min-height:44px;border:0;border-radius:99px;background:none;cursor:pointer}
:is(button,textarea,select,summary):focus-visible{outline:3px solid var(--focus);outline-offset:2px}
#language{padding:0 12px;margin-right:-12px;font-size:13px;font-weight:550;color:var(--ink2)}
main{flex:1}
#state{color:var(--ink2);padding:4px 0 16px}
#state small{display:block;color:var(--ink2);overflow-wrap:anywhere}
.late{opacity:0;animation:appear 0s 2s forwards}
@keyframes appear{to{opacity:1}}
.failure,#state.failure p{color:var(--danger)}
.turn{padding:8px 0 24px;scroll-margin-bottom:160px}
:is(.said,.answer,li){word-break:keep-all;overflow-wrap:anywhere}
.said{width:fit-content;max-width:85%;margin-left:auto;padding:8px 16px;border-radius:20px 20px 4px 20px;background:var(--surface);
white-space:pre-wrap}
.body{margin-top:12px}
.answer{min-height:32px;font-size:20px;line-height:32px;white-space:pre-wrap}
.answer[aria-busy]::after{content:"";display:inline-block;width:9px;height:9px;margin-left:4px;border-radius:50%;background:var(--q);
animation:beat 1s ease-in-out infinite alternate}
@keyframes beat{from{opacity:.25}}
@media (prefers-reduced-motion:reduce){.answer[aria-busy]::after{animation:none}}
.note,:is(li,#state) small{font-size:12px;line-height:18px;color:var(--ink2);font-variant-numeric:tabular-nums}
.note{margin-top:4px}
summary{width:fit-content;min-height:36px;padding:8px 0;font-size:13px;line-height:20px;font-weight:550;color:var(--k);cursor:pointer}
ol{margin:0;padding:0 0 8px 24px}
li small{white-space:nowrap}
li::marker{color:var(--ink2)}
.attention{margin:4px 0 8px;padding:16px 16px 8px;border-radius:20px;background:var(--surface)}
.reading{font-size:13px;line-height:20px;color:var(--ink2)}
.map{overflow-x:auto;padding:8px 4px}
.told{min-height:25px;font-size:15px;line-height:25px}
.bars{display:grid;grid-template-columns:auto 1fr auto;gap:6px 12px;list-style:none;margin:4px 0 12px;padding:0;font-size:13px;
line-height:20px}
.bars li{display:grid;grid-column:1/-1;grid-template-columns:subgrid;align-items:center}
.bars span:first-child{overflow-wrap:anywhere}
.bars span:last-child{text-align:right;font-variant-numeric:tabular-nums}
.bars b{height:10px;border-radius:5px;background:var(--sunken);overflow:hidden}
.bars i{display:block;height:100%;background:var(--k)}
#bottom{position:sticky;bottom:0;background:var(--bg);border-top:1px solid var(--line);padding:8px 0 calc(12px + env(safe-area-inset-bottom))}
#bottom:empty{display:none}
.choice{display:flex;align-items:center;gap:4px;font-size:13px;color:var(--ink2)}
.choice select{min-height:36px;max-width:100%;min-width:0;padding:0 4px;font-weight:550;text-overflow:ellipsis}
.choice span{flex:none}
option{background:var(--surface);color:var(--ink)}
.field{display:flex;gap:8px;align-items:flex-end;padding:4px;border:1px solid var(--edge);border-radius:26px;background:var(--surface)}
.field:focus-within{outline:3px solid var(--focus);outline-offset:1px}
textarea{flex:1;min-width:0;max-height:30vh;padding:9px 8px 9px 16px;border:0;background:none;resize:none;line-height:25px;field-sizing:content}
textarea:focus-visible{outline:none}
textarea::placeholder{color:var(--ink2);opacity:1}
#send{padding:0 20px;background:var(--ink);color:var(--surface);font-weight:650;white-space:nowrap}
${MAP_STYLE}tbody th span{display:inline-block;max-width:min(40vw,240px);overflow:hidden;text-overflow:ellipsis;vertical-align:middle}
@media (max-width:600px){.attention{padding:12px 12px 4px;margin-inline:-8px}.corner{white-space:normal!important}}
`;
