/** A page in place of the app's answer. */
export interface StandIn {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  /** The page looks again as soon as there is something to see; without a script, every second. */
  readonly looksAgain: boolean;
}

/** The app is not up, and the request waited long enough. A form that was sent is not sent again by itself. */
export function notUp(method: string): StandIn {
  const looksAgain = method === 'GET' || method === 'HEAD';
  const next = looksAgain
    ? 'This page looks again by itself'
    : 'The request was not sent: send it again when the app is up';
  return {
    status: 503,
    title: 'The app is not up yet',
    text: `It is being built, or its server is starting. ${next}; the terminal tells how far it is.`,
    looksAgain,
  };
}

/** The app took the request and closed the connection. To look again by itself could end the app again and again. */
export function noAnswer(method: string): StandIn {
  return {
    status: 502,
    title: 'The app did not answer',
    text: `It took the request (${method}) and closed the connection. Perhaps it panicked: the terminal shows what it said. Reload to send the request again.`,
    looksAgain: false,
  };
}

const REFRESH = '<meta http-equiv="refresh" content="1">';

/** The page as HTML. With a script (its tag), it is for the script to look again; without, for the browser. */
export function standInPage({ title, text, looksAgain }: StandIn, script: string | null): string {
  const refresh = script === null ? REFRESH : `<noscript>${REFRESH}</noscript>`;
  return `<!doctype html>
<html lang="en">
<head>${script ?? ''}
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${looksAgain ? `${refresh}\n` : ''}<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
  <div class="line${looksAgain ? ' moves' : ''}"></div>
  <h1>${escapeHtml(title)}</h1>
  <p>${escapeHtml(text)}</p>
  <footer>leptos-fast</footer>
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

const STYLE = `
  :root { --back: #f6f5f3; --card: #fff; --text: #1d1b18; --quiet: #645f57; --line: #e3dfd9; --mark: #c8382c; }
  @media (prefers-color-scheme: dark) {
    :root { --back: #161514; --card: #1f1e1c; --text: #efece7; --quiet: #a39d94; --line: #35322e; --mark: #f0695d; }
  }
  * { box-sizing: border-box; }
  body {
    margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
    background: var(--back); color: var(--text); font: 1rem/1.6 system-ui, sans-serif;
  }
  main {
    width: 100%; max-width: 32rem; padding: 1.75rem 1.5rem 1.25rem; overflow: hidden; position: relative;
    background: var(--card); border: 1px solid var(--line); border-radius: .75rem; overflow-wrap: anywhere;
  }
  .line { position: absolute; inset: 0 0 auto; height: 3px; background: var(--mark); }
  .moves { animation: move 1.6s ease-in-out infinite; transform-origin: left; }
  @keyframes move {
    0% { transform: translateX(-100%) scaleX(.6); }
    100% { transform: translateX(100%) scaleX(.6); }
  }
  @media (prefers-reduced-motion: reduce) { .moves { animation: none; } }
  h1 { font-size: 1.25rem; line-height: 1.3; margin: 0 0 .5rem; }
  p { margin: 0; color: var(--quiet); }
  footer { margin-top: 1.25rem; font-size: .8125rem; color: var(--quiet); }
`;
