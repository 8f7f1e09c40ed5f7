/** A page in place of the app's answer. */
export interface StandIn {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  /** The page looks again every second. */
  readonly looksAgain: boolean;
}

/** The app is not up, and the request waited long enough. A form that was sent is not sent again by itself. */
export function notUp(method: string): StandIn {
  const looksAgain = method === 'GET' || method === 'HEAD';
  const next = looksAgain ? 'This page looks again every second' : 'The request was not sent: send it again when it is';
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

/** The page as HTML. */
export function standInPage({ title, text, looksAgain }: StandIn): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${looksAgain ? '<meta http-equiv="refresh" content="1">\n' : ''}<title>${title}</title>
<style>
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1rem/1.6 system-ui, sans-serif; }
  main { max-width: 32rem; padding: 1.5rem; }
  h1 { font-size: 1.25rem; margin: 0 0 .5rem; }
  p { margin: 0; opacity: .75; }
</style>
<main>
  <h1>${title}</h1>
  <p>${text}</p>
</main>
</html>
`;
}
