/**
 * All in px: a page may set the size of a rem. `!important` inside a shadow root is stronger than the page's, which is
 * why every rule about the host has it.
 */
export const OVERLAY_CSS = `
:host {
  all: initial !important;
  direction: ltr !important;
  position: fixed !important;
  inset: 0 !important;
  z-index: 2147483647 !important;
  display: block !important;
  width: auto !important;
  height: auto !important;
  pointer-events: none !important;
  color-scheme: light dark !important;
  transition: none !important;
  animation: none !important;
}
:host::backdrop { display: none !important; }
:host::before, :host::after { content: none !important; }

.root {
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", SFMono-Regular, Menlo, Consolas, "Cascadia Mono", "DejaVu Sans Mono", "Liberation Mono", monospace;
  --panel: #ffffff;
  --raised: #f4f5f7;
  --code: #f8f9fb;
  --line: #dfe2e8;
  --text: #1b1e25;
  --muted: #59616f;
  --accent: #d1242f;
  --accent-soft: #fdeeee;
  --focus: #1f6feb;
  --link: #0b57c2;
  --scrim: rgba(24, 28, 36, .42);
  --shadow: 0 24px 64px rgba(15, 20, 30, .28), 0 2px 8px rgba(15, 20, 30, .12);
  --c0: #24292f; --c1: #b42318; --c2: #17713a; --c3: #8a5a00; --c4: #0b57c2; --c5: #8431a8; --c6: #0b6b77; --c7: #59616f;
  --c8: #59616f; --c9: #c41c28; --c10: #167a3b; --c11: #8f5e00; --c12: #1460d2; --c13: #8f35b8; --c14: #0a7280; --c15: #1b1e25;
  font: 400 14px/1.5 var(--sans);
  color: var(--text);
  text-align: left;
  -webkit-text-size-adjust: 100%;
}
@media (prefers-color-scheme: dark) {
  .root {
    --panel: #1a1d23;
    --raised: #242830;
    --code: #131519;
    --line: #333843;
    --text: #e9ebef;
    --muted: #9ba3b1;
    --accent: #ff6b6b;
    --accent-soft: #3a1f22;
    --focus: #6aa9ff;
    --link: #86b8ff;
    --scrim: rgba(0, 0, 0, .58);
    --shadow: 0 24px 64px rgba(0, 0, 0, .55), 0 0 0 1px rgba(255, 255, 255, .05);
    --c0: #6b7382; --c1: #ff7b72; --c2: #6fcf83; --c3: #e3b341; --c4: #79b0ff; --c5: #d2a0ff; --c6: #5cc9d3; --c7: #c5cad3;
    --c8: #9ba3b1; --c9: #ff8078; --c10: #7ee08f; --c11: #f0c550; --c12: #8abaff; --c13: #dcb0ff; --c14: #6cd8e2; --c15: #ffffff;
  }
}
*, *::before, *::after { box-sizing: border-box; }
[hidden] { display: none !important; }

.scrim {
  position: fixed;
  inset: 0;
  display: flex;
  align-items: flex-start;
  justify-content: center;
  padding: clamp(0px, 6vh, 72px) 24px 24px;
  background: var(--scrim);
  pointer-events: auto;
  overscroll-behavior: contain;
  animation: appear .14s ease-out;
}
.panel {
  display: flex;
  flex-direction: column;
  width: 100%;
  max-width: 1040px;
  max-height: 100%;
  overflow: hidden;
  border: 1px solid var(--line);
  border-radius: 12px;
  background: var(--panel);
  box-shadow: var(--shadow);
  outline: none;
}
.head {
  display: flex;
  flex: none;
  align-items: flex-start;
  gap: 12px;
  padding: 13px 12px 10px 20px;
  border-bottom: 1px solid var(--line);
  background: linear-gradient(var(--accent), var(--accent)) 0 0 / 100% 3px no-repeat;
}
.heading { display: flex; flex: 1; flex-wrap: wrap; align-items: center; gap: 2px 12px; min-width: 0; padding: 4px 0; }
.title { margin: 0; font-size: 15px; font-weight: 600; line-height: 24px; }
.count { color: var(--muted); font-size: 13px; font-variant-numeric: tabular-nums; }
.building { display: inline-flex; align-items: center; gap: 7px; color: var(--muted); font-size: 13px; }
.ring {
  flex: none;
  width: 12px;
  height: 12px;
  border: 2px solid var(--line);
  border-top-color: var(--text);
  border-radius: 50%;
  animation: turn .8s linear infinite;
}
.buttons { display: flex; flex: none; gap: 4px; }
button, a { font: inherit; color: inherit; }
.icon {
  display: grid;
  place-items: center;
  width: 32px;
  height: 32px;
  padding: 0;
  border: 0;
  border-radius: 7px;
  background: transparent;
  color: var(--muted);
  cursor: pointer;
}
.icon:hover:not(:disabled) { background: var(--raised); color: var(--text); }
.icon:disabled { opacity: .35; cursor: default; }
.icon svg { width: 16px; height: 16px; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round; stroke-linejoin: round; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
.panel:focus-visible { outline: none; }

.body { display: flex; flex-direction: column; min-height: 0; padding: 16px 20px 20px; gap: 12px; overflow-y: auto; }
.message { margin: 0; font-size: 17px; font-weight: 600; line-height: 1.4; overflow-wrap: anywhere; }
.label { margin-right: 8px; color: var(--accent); }
.where { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 10px; }
.place {
  max-width: 100%;
  padding: 3px 9px;
  border: 1px solid var(--line);
  border-radius: 6px;
  background: var(--raised);
  font: 500 13px/1.5 var(--mono);
  text-align: left;
  overflow-wrap: anywhere;
  text-decoration: none;
}
a.place, button.place { color: var(--link); cursor: pointer; }
a.place:hover, button.place:hover { border-color: currentColor; }
.side { color: var(--muted); font-size: 13px; }
.code {
  flex: none;
  margin: 0;
  padding: 14px 16px;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--code);
  font: 400 13px/1.55 var(--mono);
  font-variant-ligatures: none;
  tab-size: 4;
  white-space: pre;
  overflow-x: auto;
  scrollbar-width: thin;
  scrollbar-color: var(--line) transparent;
}
.foot { display: flex; flex: none; flex-wrap: wrap; gap: 2px 18px; padding: 9px 20px; border-top: 1px solid var(--line); background: var(--raised); color: var(--muted); font-size: 12px; }
kbd {
  display: inline-block;
  min-width: 18px;
  padding: 0 5px;
  border: 1px solid var(--line);
  border-radius: 4px;
  background: var(--panel);
  font: 500 11px/17px var(--sans);
  text-align: center;
}
.hint { white-space: nowrap; }

.bold { font-weight: 700; } .dim { opacity: .7; } .italic { font-style: italic; } .underline { text-decoration: underline; }
.inverse { background: var(--text); color: var(--code); }
${colourClasses()}

.badge {
  position: fixed;
  bottom: 14px;
  left: 14px;
  display: flex;
  align-items: center;
  gap: 8px;
  max-width: calc(100% - 28px);
  height: 32px;
  padding: 0 13px 0 11px;
  overflow: hidden;
  border: 1px solid var(--line);
  border-radius: 16px;
  background: var(--panel);
  box-shadow: 0 4px 16px rgba(15, 20, 30, .18);
  font-size: 13px;
  font-variant-numeric: tabular-nums;
  white-space: nowrap;
  pointer-events: none;
  animation: appear .14s ease-out;
}
.badge .what { overflow: hidden; text-overflow: ellipsis; }
.badge .time { color: var(--muted); }
.badge .bar { position: absolute; bottom: 0; left: 0; width: 100%; height: 2px; background: var(--focus); transform-origin: left; transition: transform .1s linear; }
.badge .dot { flex: none; width: 8px; height: 8px; border-radius: 50%; background: var(--accent); }
.badge.newer { color: var(--muted); }
.badge.newer .dot { background: var(--focus); }
button.badge { pointer-events: auto; cursor: pointer; }
button.badge:hover { border-color: var(--accent); }

@keyframes turn { to { transform: rotate(1turn); } }
@keyframes appear { from { opacity: 0; } }
@media (max-width: 600px) {
  .scrim { padding: 0; align-items: flex-end; }
  .panel { max-height: 88%; border-width: 1px 0 0; border-radius: 14px 14px 0 0; }
  .head { padding-left: 16px; }
  .body { padding: 14px 16px 16px; }
  .message { font-size: 16px; }
  .code { margin: 0 -16px; padding: 12px 16px; border-width: 1px 0; border-radius: 0; font-size: 12px; }
  .foot { padding: 9px 16px; }
}
@media (hover: none) { .foot { display: none; } }
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; }
}
@media print { :host { display: none !important; } }
`;

function colourClasses(): string {
  const numbers = Array.from({ length: 16 }, (_, number) => number);
  return numbers
    .map((number) => `.fg-${number} { color: var(--c${number}); } .bg-${number} { background: var(--c${number}); }`)
    .join('\n');
}
