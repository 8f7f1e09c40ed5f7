/** How long a submitted form may take to lead elsewhere, in ms. */
const FORM_LEADS_ON_WITHIN_MS = 10_000;

/**
 * While `wanted` says so, a navigation inside the site loads the new page instead of being shown by the app's router.
 */
export function makeNavigationsFull(wanted: () => boolean): void {
  window.addEventListener('click', (event) => wanted() && fullByClick(event), true);

  // What a form does is for its own handlers: only where the router took it on to another page is that page loaded.
  let submittedAt = Number.NEGATIVE_INFINITY;
  window.addEventListener(
    'submit',
    () => {
      submittedAt = performance.now();
    },
    true,
  );
  if (!('navigation' in window)) return;
  navigation.addEventListener('currententrychange', ({ navigationType }) => {
    const byForm = performance.now() - submittedAt < FORM_LEADS_ON_WITHIN_MS;
    if (byForm && wanted() && (navigationType === 'push' || navigationType === 'replace')) location.reload();
  });
}

/** Leptos's router leaves links alone that are marked as external; the page's own handlers run as ever. */
function fullByClick(event: MouseEvent): void {
  const link = event.composedPath().find((target) => target instanceof HTMLAnchorElement);
  if (!link || !isNavigation(event, link)) return;
  const before = link.getAttribute('rel');
  link.setAttribute('rel', `${before ?? ''} external`.trim());
  setTimeout(() => {
    if (before === null) link.removeAttribute('rel');
    else link.setAttribute('rel', before);
  });
}

function isNavigation(event: MouseEvent, link: HTMLAnchorElement): boolean {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false;
  if (link.href === '' || link.hasAttribute('download') || !['', '_self'].includes(link.target)) return false;
  if (link.origin !== location.origin) return false;
  const isSamePage = link.pathname === location.pathname && link.search === location.search;
  return !(isSamePage && link.hash !== '');
}
