/**
 * The script that the dev proxy adds to every page: keeps the page on the newest build and shows what stands in the way.
 */
import type { ServerMessage, Since, ViewPatch } from '../serve/page-protocol.js';
import { AssetVersions, isScript } from './asset-refresh.js';
import { Connection } from './connection.js';
import { watchControls } from './controls.js';
import { makeNavigationsFull } from './full-navigation.js';
import { ChangedPaths } from './own-urls.js';
import { PageContent } from './page-content.js';
import { reportPageErrors } from './page-errors.js';
import { painted, parsed } from './paint.js';
import { type Handover, reloadHelped, reloadPage, takeHandover } from './reload.js';
import { restorePageState } from './restore.js';
import { StatusView } from './status-view.js';
import { swapStyles } from './style-swap.js';
import { applyViewPatch, onViewStale } from './view-patch.js';

const parameters = new URL(import.meta.url).searchParams;
const at = Number(parameters.get('at'));
const token = parameters.get('token') ?? '';
/** Names this very page: another one has another time or is of another run. */
const page = `${token} ${at}`;

/** A page in a frame is kept new; all else is the affair of the page around it. */
const isFramed = window.top !== window;

const content = new PageContent(at);
const assets = new AssetVersions();
const view = isFramed ? null : new StatusView((error) => connection.send({ type: 'open', error }));
let canOpen = false;
let styleAt = at;
let assetsAt = at;
/** Patches are applied in their order. */
let patched: Promise<void> = Promise.resolve();

const socket = new URL(`../socket?${new URLSearchParams({ token })}`, import.meta.url);
const connection = new Connection(socket, {
  greeting: () => ({ type: 'hello', at, path: location.pathname }),
  message: onMessage,
  otherRun: () => reload('other run', null, true),
});

watchControls();
makeNavigationsFull(() => content.isPatched);
if (!isFramed) reportPageErrors((message) => connection.send({ type: 'page-error', message }));
window.addEventListener('pageshow', ({ persisted }) => {
  // The back button is a navigation as well.
  if (persisted && content.isPatched) reload('back', null, false);
});
onViewStale(() => content.onStale() === 'reload' && reload('stale', null, false));
const handover = takeHandover();
if (handover) void takeOver(handover);

async function takeOver({ batch, state }: Handover): Promise<void> {
  if (state) restorePageState(state);
  await parsed();
  if (batch !== null) await tellShown('reload', batch);
}

function onMessage(message: ServerMessage): void {
  if (content.isLeaving) return;
  switch (message.type) {
    case 'hello':
      canOpen = message.canOpen;
      view?.onStatus(message.status, canOpen);
      catchUp(message.since);
      return;
    case 'reload':
      onNewContent(message);
      return;
    case 'style':
      void onStyle(message.since, message.paths, message.batch);
      return;
    case 'assets':
      void onAssets(message.since, message.paths, message.batch);
      return;
    case 'patch':
      if (!isFramed) patched = patched.then(() => onPatch(message.patch));
      return;
    case 'status':
      view?.onStatus(message.status, canOpen);
      return;
    default:
      message satisfies never;
  }
}

/** What the page missed before it was connected. */
function catchUp(since: Since): void {
  if (content.onNewer(since.content, null) === 'reload') {
    reload(`content ${since.content}`, null, true);
    return;
  }
  reloadHelped();
  void onStyle(since.style, [], null);
  void onAssets(since.assets, [], null);
}

function onNewContent({ since, patches, batch, contentOnly }: Extract<ServerMessage, { type: 'reload' }>): void {
  if (contentOnly && document.visibilityState === 'hidden') return;
  const decision = content.onNewer(since, patches);
  if (decision === 'reload') reload(`content ${since}`, batch, false);
  if (decision === 'stay-patched') view?.markNewer();
}

function reload(reason: string, batch: number | null, isGuess: boolean): void {
  if (reloadPage(`${page} ${reason}`, batch, isGuess)) content.leave();
}

async function onStyle(since: number, paths: readonly string[], batch: number | null): Promise<void> {
  if (since <= styleAt) return;
  styleAt = since;
  const swapped = await swapStyles(new ChangedPaths(paths), since);
  assets.inSheets();
  if (swapped > 0 && batch !== null) await tellShown('style', batch);
}

async function onAssets(since: number, paths: readonly string[], batch: number | null): Promise<void> {
  if (since <= assetsAt) return;
  assetsAt = since;
  if (isScript(paths)) {
    reload(`assets ${since}`, batch, false);
    return;
  }
  const swapped = await swapStyles(new ChangedPaths(paths), since);
  const refreshed = await assets.refresh(paths, since);
  if (swapped + refreshed > 0 && batch !== null) await tellShown('assets', batch);
}

async function onPatch({ id, views }: ViewPatch): Promise<void> {
  // Those that no build has yet are told again on every connection.
  if (content.hasApplied(id)) return;
  await parsed();
  const ok = applyViewPatch(views);
  if (ok) content.applied(id);
  void painted().then(() => connection.send({ type: 'patched', id, ok }));
}

async function tellShown(kind: 'reload' | 'style' | 'assets', batch: number): Promise<void> {
  if ((await painted()) && !isFramed) connection.send({ type: 'shown', batch, kind });
}
