import { relative } from 'node:path';
import kleur from 'kleur';
import { ok, type Result } from '../core/result.js';
import { onSignals } from '../core/signals.js';
import { openInBrowser } from '../ui/open-in-browser.js';
import { type DashboardCall, serveDashboard } from './serve-dashboard.js';

export interface RunDashboardOptions extends DashboardCall {
  readonly open: boolean;
  readonly print: (text: string) => void;
}

/** Serves the dashboard until a signal. Resolves with the exit code; errors as `serveDashboard`. */
export async function runDashboard({ open, print, ...call }: RunDashboardOptions): Promise<Result<number>> {
  const served = await serveDashboard(call);
  if (!served.ok) return served;
  const { url, project, folder, close } = served.value;
  const ended = new Promise<number>((finish) => {
    const offSignals = onSignals({
      onStop: () => {
        void close().then(() => {
          offSignals();
          finish(0);
        });
      },
      onForce: finish,
      onResume: () => undefined,
    });
  });
  print(`\n  ${kleur.green('➜')}  ${kleur.bold('Dashboard')}  ${kleur.cyan(url)}\n`);
  print(kleur.dim(`     ${project}, from ${relative(process.cwd(), folder) || folder}; Ctrl-C ends it\n\n`));
  if (open) openInBrowser(url);
  return ok(await ended);
}
