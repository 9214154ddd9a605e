const LIGHT = `--bg:#f0f6f6;--surface:#fcfefe;--sunken:#e5edee;--line:#ced9db;--edge:#728488;--ink:#0e2128;--ink2:#3b4e55;--q:#c81542;
--k:#005a71;--focus:#5341b1;--mask:#ebedee;--mask-ink:#8c9495;--danger:#b32517`;
const DARK = `--bg:#081317;--surface:#101c21;--sunken:#050c10;--line:#27363b;--edge:#657c82;--ink:#e9f0f1;--ink2:#b6c2c4;--q:#fc818c;
--k:#78cdda;--focus:#bcb2ff;--mask:#212527;--mask-ink:#636d6f;--danger:#fb8371`;

/** The colours of pages as variables, light or dark as the browser is. */
export const COLOURS = `:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}`;

/** How maps of attention look in a page; they use {@link COLOURS}. */
export const MAP_STYLE = `[role=gridcell]:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
table{border-collapse:separate;border-spacing:1px;margin-right:var(--overhang)}
table td,table th{padding:0;font-weight:400;font-size:13px;line-height:1.2}
tbody td{width:var(--side);min-width:var(--side);height:var(--side);border-radius:3px;text-align:center;
font-variant-numeric:tabular-nums}
thead tr{height:var(--head)}
thead th{position:relative;vertical-align:bottom;padding-bottom:9px}
.slanting thead th span{position:absolute;left:50%;bottom:8px;white-space:nowrap;transform-origin:0 100%;
transform:translateX(4px) rotate(-46deg)}
tbody th{position:relative;text-align:right;padding-right:10px;white-space:nowrap}
.tied::after{content:"";position:absolute;background:var(--edge)}
thead .tied::after{height:1.5px;bottom:3px;left:3px;right:3px}
thead .before::after{left:-1px}
thead .after::after{right:-1px}
tbody .tied::after{width:1.5px;right:3px;top:3px;bottom:3px}
tbody .before::after{top:-1px}
tbody .after::after{bottom:-1px}
.corner{vertical-align:bottom;text-align:right;padding:0 10px 6px 0!important;white-space:nowrap}
.corner span{display:block;font-size:12px;font-weight:650;line-height:18px}
.looked{color:var(--k)}
.asks{color:var(--q)}
tbody th.lit span{background:var(--q);color:var(--surface);border-radius:8px;padding:3px 7px;margin-right:-7px}
thead th.lit span{color:var(--k);font-weight:650}
[role=gridcell].lit{box-shadow:0 0 0 2px var(--surface),0 0 0 4px var(--ink);position:relative}
.padding{background:radial-gradient(var(--mask-ink) 1px,var(--mask) 1.3px) 0 0/5px 5px}
.future{background:repeating-linear-gradient(135deg,var(--mask) 0 6px,var(--mask-ink) 6px 7px)}
.flow [role=row]{display:flex;flex-wrap:wrap;gap:6px 2px}
.flow span{border-radius:6px;padding:4px 8px;text-align:center;line-height:1.3}
.flow .apart{margin-left:8px}
.flow small{display:block;font-size:11px;font-variant-numeric:tabular-nums}
`;
