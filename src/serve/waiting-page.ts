/** The page that stands in for an app that is not up yet. It looks again every second. */
export function waitingPage(): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="refresh" content="1">
<title>Not up yet</title>
<style>
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 1rem/1.6 system-ui, sans-serif; }
  main { max-width: 32rem; padding: 1.5rem; }
  h1 { font-size: 1.25rem; margin: 0 0 .5rem; }
  p { margin: 0; opacity: .75; }
</style>
<main>
  <h1>The app is not up yet</h1>
  <p>It is being built, or its server is starting. This page looks again every second; the terminal tells how far it is.</p>
</main>
</html>
`;
}
