/**
 * Tells of each listener for one of these events that the page adds from now on, until the returned function is called.
 * The only sign by which hydration shows: before it, an event reaches no signal; afterwards the same one would be
 * handled twice.
 */
export function watchListeners(events: ReadonlySet<string>, added: (target: EventTarget) => void): () => void {
  const original = EventTarget.prototype.addEventListener;
  let watching = true;
  const watched: typeof original = function (this: EventTarget | undefined, ...args) {
    // Called without an object, as a bare function, it means the window.
    const target = this ?? window;
    original.apply(target, args);
    if (watching && events.has(args[0])) added(target);
  };
  EventTarget.prototype.addEventListener = watched;
  return () => {
    watching = false;
    // Whoever has wrapped it in the meantime keeps calling ours, which does nothing more.
    if (EventTarget.prototype.addEventListener === watched) EventTarget.prototype.addEventListener = original;
  };
}
