/** The style of the HTML report: light and dark, from 360 px on. */
export const REPORT_STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --card: #ffffff; --ink: #1d1f23; --soft: #5b6068; --line: #e2dfd8;
  --accent: #a33b20; --dot: #3b6ea5; --good: #2c7a4b; --bad: #b3261e;
  --front: #3b6ea5; --server: #8a5a9e; --bindgen: #2f8f8b; --rest: #9a948a; --style: #b7791f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181c; --card: #1e2126; --ink: #e8e6e1; --soft: #a2a7b0; --line: #32363d;
    --accent: #f0916f; --dot: #7fb0e6; --good: #6fcf97; --bad: #ff8a80;
    --front: #7fb0e6; --server: #c39bd8; --bindgen: #6cc9c4; --rest: #7d7a74; --style: #e0b25b;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
header { margin-bottom: 1.25rem; }
h1 { margin: 0; font-size: 1.35rem; overflow-wrap: anywhere; }
h2 { margin: 0 0 .75rem; font-size: 1rem; }
p { margin: 0; }
.soft, figcaption span { color: var(--soft); }
section { margin-top: 1rem; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.figures { display: grid; gap: 1px; padding: 0; overflow: hidden; background: var(--line); }
@media (min-width: 480px) { .figures { grid-template-columns: 1fr 1fr; } }
@media (min-width: 1000px) { .figures { grid-template-columns: repeat(4, 1fr); } }
.figure { padding: 1rem; background: var(--card); min-width: 0; }
.figure strong { display: block; font-size: 1.75rem; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; }
.figure .name { font-size: .85rem; color: var(--soft); }
.figure p { font-size: .85rem; overflow-wrap: anywhere; }
.bad { color: var(--bad); } .good { color: var(--good); }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .75rem .3rem 0; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line); }
tbody tr:last-child > * { border-bottom: 0; }
thead th { font-size: .8rem; font-weight: 500; color: var(--soft); white-space: nowrap; }
tbody th { font-weight: 500; overflow-wrap: anywhere; }
tbody .kind { white-space: nowrap; }
.fixed { table-layout: fixed; }
.fixed .count { width: 3.5rem; } .fixed .time { width: 5rem; } .fixed .sum { width: 7rem; }
.num { text-align: right; white-space: nowrap; padding-right: 0; padding-left: .75rem; }
.waterfall { table-layout: fixed; margin-top: .5rem; }
.waterfall th { font-size: .85rem; padding-right: .5rem; border: 0; }
.waterfall .step { width: 7.5rem; } .waterfall .took { width: 4.5rem; }
.waterfall td { border: 0; font-size: .85rem; }
.track { position: relative; padding: 0; background: linear-gradient(var(--line), var(--line)) center / 100% 1px no-repeat; }
.bar, .moment { position: absolute; top: 50%; height: .8rem; margin-top: -.4rem; min-width: 2px; border-radius: 2px; background: var(--rest); }
.moment { width: 2px; min-width: 2px; background: var(--accent); }
.phase-front { background: var(--front); } .phase-server { background: var(--server); }
.phase-wasm-bindgen { background: var(--bindgen); } .phase-style, .phase-assets { background: var(--style); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.25rem 1.5rem; }
.chart { margin: 0; min-width: 0; }
figcaption { font-weight: 500; margin-bottom: .4rem; }
.plot { display: grid; grid-template-columns: 3.4rem 1fr; height: 9rem; }
.ticks { display: flex; flex-direction: column; justify-content: space-between; padding-right: .5rem; text-align: right; font-size: .75rem; color: var(--soft); margin: -.55rem 0; white-space: nowrap; }
.chart svg { width: 100%; height: 9rem; overflow: visible; }
.chart path { vector-effect: non-scaling-stroke; fill: none; }
.grid { stroke: var(--line); stroke-width: 1; }
.dot { stroke: var(--dot); stroke-width: 5; stroke-linecap: round; opacity: .55; }
.dot:hover { opacity: 1; stroke-width: 9; }
.above { stroke: var(--bad); }
.level { stroke: var(--ink); stroke-width: 2; }
.mark { stroke-width: 1.5; stroke-dasharray: 5 4; }
.slower { stroke: var(--bad); } .faster { stroke: var(--good); }
.days { display: flex; justify-content: space-between; margin: .35rem 0 0 3.4rem; font-size: .75rem; color: var(--soft); }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: .4rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
li:last-child { border-bottom: 0; padding-bottom: 0; }
.two { columns: 2 26rem; column-gap: 1rem; margin-top: 1rem; }
.two section { margin: 0 0 1rem; break-inside: avoid; }
@media (max-width: 599px) {
  .wide { display: none; }
  .fixed .sum { width: 0; }
  .scroll table { font-size: .8rem; }
  .scroll th, .scroll td { padding-right: .25rem; }
  .scroll .num { padding: .3rem 0 .3rem .4rem; }
}
footer { margin-top: 1.25rem; font-size: .85rem; color: var(--soft); }
@media print { section { break-inside: avoid; } }
`;
