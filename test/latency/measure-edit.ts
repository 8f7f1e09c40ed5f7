import { readdirSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { Activity } from '../scenarios/driver/activity.js';
import type { Scene } from '../scenarios/driver/scene.js';
import { Failed } from '../scenarios/driver/wait.js';
import type { Kind } from './kinds.js';
import { save } from './latency-app.js';
import type { OpenPage } from './open-page.js';
import type { PageState } from './page/wanted.js';
import { Requests } from './requests.js';
import type { Edit, Kept } from './results.js';

/** Where nothing was built, no process came or went, and no document was loaded for so long (ms), an edit is over. */
const QUIET_MS = 700;
/** How long (s) a tool may go on after the edit was seen: the rebuild behind a patch. */
const SETTLE_LIMIT_S = 90;
/** Positions are fractions on some screens. */
const SCROLL_TOLERANCE_PX = 2;

/** Saves one edit, and waits until it is in the page and all that it set off is over. */
export async function measureEdit(scene: Scene, page: OpenPage, kind: Kind, n: number, tool: string): Promise<Edit> {
  await page.use(`visitor ${n}`);
  const before = await page.state();
  await page.want({ look: kind.look(n), sends: kind.sends, counted: kind.counted(n) });
  const requests = new Requests(scene.site.url);
  const load = loadavg()[0] ?? 0;
  let savedAt = 0;
  let note: string | null = null;
  let after: PageState | null;
  try {
    savedAt = save(scene.app, kind.file, kind.pattern, kind.replacement(n));
    await seen(scene, page, kind, savedAt);
    await settled(scene, page, kind, n, savedAt);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    note = error.message;
  } finally {
    after = await page.state();
    await page.wantNothing();
  }
  const { visibleAt, interactiveAt, failedCalls, loads } = page.seen;
  return {
    tool,
    kind: kind.name,
    n,
    visibleMs: visibleAt === null ? null : visibleAt - savedAt,
    interactiveMs: interactiveAt === null ? null : interactiveAt - savedAt,
    kept: before && after && whatIsKept(before, after),
    loads,
    failedCalls,
    requests: await requests.stop(),
    load,
    note,
  };
}

async function seen(scene: Scene, page: OpenPage, kind: Kind, savedAt: number): Promise<void> {
  const isSeen = (): boolean => {
    const { visibleAt, interactiveAt } = page.seen;
    return visibleAt !== null && (kind.counted(0) === null || interactiveAt !== null);
  };
  const reason = (): string =>
    page.seen.visibleAt === null ? 'not seen in the page' : 'seen, but no new wasm answers';
  await scene.until(isSeen, reason, savedAt + kind.limit * 1_000);
}

async function settled(scene: Scene, page: OpenPage, kind: Kind, n: number, savedAt: number): Promise<void> {
  const activity = new Activity();
  let served = kind.served(n) === null;
  let loads = page.seen.loads;
  let loadedAt = Date.now();
  const look = async (): Promise<boolean> => {
    served ||= await isServed(scene, kind, n);
    if (!served || (kind.changesWasm && wasmWrittenAt(scene) < savedAt)) return false;
    const now = Date.now();
    if (page.seen.loads !== loads) loadedAt = now;
    loads = page.seen.loads;
    return now - Math.max(activity.look(scene.processes(), now), loadedAt) >= QUIET_MS && (await page.isHydrated());
  };
  const reason = (): string =>
    served ? 'the wasm was not written anew, or the tool never came to rest' : 'the server does not answer with it';
  await scene.until(look, reason, Math.max(savedAt, Date.now()) + SETTLE_LIMIT_S * 1_000);
}

async function isServed(scene: Scene, kind: Kind, n: number): Promise<boolean> {
  const expected = kind.served(n);
  if (!expected) return true;
  const answer = await scene.site.get(expected.path);
  return answer?.text.includes(expected.text) ?? false;
}

/** When the site got its wasm, in ms since the epoch; 0 when there is none. */
function wasmWrittenAt(scene: Scene): number {
  const folder = join(scene.app.projectDir, 'target/site/pkg');
  try {
    const files = readdirSync(folder).filter((name) => name.endsWith('.wasm'));
    return Math.max(0, ...files.map((name) => statSync(join(folder, name)).mtimeMs));
  } catch {
    return 0;
  }
}

function whatIsKept(before: PageState, after: PageState): Kept {
  return {
    counter: before.counter === after.counter,
    input: before.input === after.input,
    scroll: Math.abs(before.scroll - after.scroll) <= SCROLL_TOLERANCE_PX,
  };
}
