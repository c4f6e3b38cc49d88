import { markup } from '../markup.ts';

/** The page's only style sheet. Colours reach a contrast of 4.5 to 1 in both schemes (WCAG 2.2, 1.4.3). */
export const styleSheet = markup`
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #ffffff; --text: #1b1f24; --muted: #535c66; --line: #d4d9df; --code: #eef0f3; --link: #0b57c2;
  --pass: #1a7335; --partial: #8a5700; --fail: #b3261e; --unknown: #5b6570;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0f1318; --card: #181d24; --text: #e7ebf0; --muted: #a3adb8; --line: #333b45; --code: #222932; --link: #7ab2ff;
    --pass: #56c776; --partial: #e2ac45; --fail: #ff8b82; --unknown: #a3adb8;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif; overflow-wrap: anywhere;
}
main, header, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; display: flex; flex-wrap: wrap; gap: 1.5rem 2rem; align-items: flex-start; }
header > div { flex: 1 1 20rem; }
footer { padding: 1rem 1.25rem 2.5rem; color: var(--muted); font-size: .875rem; }
h1 { margin: 0 0 .25rem; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2rem 0 .75rem; font-size: 1.2rem; }
h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
p { margin: .25rem 0; }
a { color: var(--link); }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace; font-size: .875em; }
code { background: var(--code); border-radius: .25rem; padding: .1em .3em; }
pre { background: var(--code); border-radius: .375rem; padding: .625rem .75rem; margin: .375rem 0; white-space: pre-wrap; }
ul, ol { margin: .25rem 0; padding-left: 1.5rem; }
.muted { color: var(--muted); }
.small { font-size: .875rem; }
.pass { color: var(--pass); } .partial { color: var(--partial); } .fail { color: var(--fail); }
.unknown, .not-applicable, .inconclusive { color: var(--unknown); }
.ready { color: var(--pass); } .not-ready { color: var(--fail); } .undecided { color: var(--partial); } .unassessed { color: var(--unknown); }
.gauge { width: 8.5rem; height: 8.5rem; flex: none; }
.gauge .track { stroke: var(--line); }
.gauge text { fill: var(--text); text-anchor: middle; font-family: inherit; }
.gauge .number { font-size: 34px; font-weight: 700; }
.gauge .unit { font-size: 12px; fill: var(--muted); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .625rem; padding: .75rem 1rem; }
.categories { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .75rem; list-style: none; padding: 0; margin-top: 1.5rem; }
.points { display: block; width: 100%; height: .625rem; margin: .375rem 0; border-radius: .3125rem; }
.categories svg { display: block; width: 100%; height: .625rem; margin: .375rem 0; border-radius: .3125rem; }
rect.not-applicable { opacity: .35; } rect.unknown { opacity: .45; }
.steps li { margin: .5rem 0; padding-left: .25rem; }
.row { margin: .5rem 0; padding: 0; }
.row > summary { display: grid; grid-template-columns: 6.5rem 1fr; gap: 0 .5rem; padding: .75rem 1rem; cursor: pointer; list-style: none; }
.row > summary::-webkit-details-marker { display: none; }
.row > summary:hover, .row > summary:focus-visible { background: var(--code); border-radius: .625rem; }
.row > summary > .verdict::after { content: ' +'; color: var(--muted); font-weight: 400; }
.row[open] > summary > .verdict::after { content: ' \u2212'; }
.row .body { padding: 0 1rem 1rem; border-top: 1px solid var(--line); }
.row .body > p:first-child { margin-top: .75rem; }
.verdict { white-space: nowrap; font-weight: 700; font-size: .875em; line-height: 1.7; }
.name { font-weight: 600; }
.criteria { list-style: none; padding: 0; }
.criteria > li { margin: .625rem 0; padding-left: .75rem; border-left: .25rem solid currentColor; }
.criteria > li > * { color: var(--text); }
.criteria > li > .muted { color: var(--muted); }
.clash { border-left: .25rem solid var(--partial); padding-left: .75rem; margin: .625rem 0; }
.exchange { margin: .25rem 0; }
.exchange > summary { cursor: pointer; }
.timeline { list-style: none; margin: .25rem 0; padding-left: .75rem; border-left: 2px solid var(--line); }
.timeline code { display: inline-block; min-width: 6ch; }
@media print {
  :root { --page: #fff; --card: #fff; --text: #000; --muted: #444; --line: #bbb; --code: #f3f3f3; --link: #000;
    --pass: #1a7335; --partial: #8a5700; --fail: #b3261e; --unknown: #5b6570; color-scheme: light; }
  body { font-size: 9pt; line-height: 1.4; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  main, header, footer { max-width: none; padding-left: 0; padding-right: 0; }
  header { padding-top: 0; }
  h2, h3, summary { break-after: avoid; }
  .criteria > li, .steps li, .card { break-inside: avoid; }
  .categories { grid-template-columns: repeat(4, 1fr); }
  .small { font-size: .85em; }
  .row > summary > .verdict::after { content: none !important; }
  /* Paper cannot be opened: rows show their criteria, and leave out requests and links. */
  .sources { display: none; }
  .criteria > li { margin: .375rem 0; }
  .row::details-content { content-visibility: visible; display: block; block-size: auto; }
}
@media (max-width: 30rem) {
  .row > summary { grid-template-columns: 1fr; }
}
`;
