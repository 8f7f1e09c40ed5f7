import { bundled } from './bundled.js';
import { type FakeSite, startSite } from './fake-site.js';

/** What `patchHead` puts into the page. */
export interface PatchedWindow {
  readonly viewPatch: { readonly applyViewPatch: (views: unknown) => boolean };
  /** How often the page was called stale. */
  readonly stale: number;
}

/** A site that has the part of our script that applies view patches. */
export async function startPatchSite(): Promise<FakeSite> {
  const site = await startSite();
  const script = await bundled('view-patch.ts');
  site.file('/view-patch.js', 'text/javascript', () => script);
  return site;
}

/** For the head of a page; `before` is JavaScript that runs before. */
export function patchHead(before = ''): string {
  return `<script type="module">
    ${before}
    const viewPatch = await import('/view-patch.js');
    Object.assign(window, { viewPatch, stale: 0 });
    viewPatch.onViewStale(() => window.stale++);
  </script>`;
}
