import { readFile } from 'node:fs/promises';
import { DASHBOARD_FILES } from './data.js';

/** Nothing but our own files, no other site around it, and no script that stands in the page. */
export const CONTENT_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

/** A clock hand that has just passed the hour, readable on light and dark tabs. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="13" fill="#a33b20"/><path d="M16 8v8l6 4" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/></svg>`;

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>leptos-fast dashboard</title>
<link rel="icon" href="${DASHBOARD_FILES}/icon.svg">
<link rel="stylesheet" href="${DASHBOARD_FILES}/page.css">
<script type="module" src="${DASHBOARD_FILES}/page.js"></script>
</head>
<body>
<noscript><p>The dashboard needs JavaScript. Without: leptos-fast report</p></noscript>
</body>
</html>
`;

export const PAGE_HTML: PageFile = { type: 'text/html', body: Buffer.from(HTML) };

/** Where the build puts what the page loads. */
const BUNDLE = new URL('../dashboard-page/', import.meta.url);

/** What the page loads, by its path. Rejects when it was not built. */
export async function readPageFiles(folder: URL = BUNDLE): Promise<ReadonlyMap<string, PageFile>> {
  const [script, style] = await Promise.all([
    readFile(new URL('page.js', folder)),
    readFile(new URL('page.css', folder)),
  ]);
  return new Map([
    [`${DASHBOARD_FILES}/page.js`, { type: 'text/javascript', body: script }],
    [`${DASHBOARD_FILES}/page.css`, { type: 'text/css', body: style }],
    [`${DASHBOARD_FILES}/icon.svg`, { type: 'image/svg+xml', body: Buffer.from(ICON) }],
  ]);
}
