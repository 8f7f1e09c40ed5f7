import type { Event, RustSide } from '../core/events.js';
import { RUST_SIDES } from '../core/events.js';
import { formatMs } from './duration.js';

interface SideProgress {
  text: string;
  readonly since: number;
}

/** Keeps what is being built, for the live line: `front 41/212 leptos_router · server 20/300 syn · 3.4 s`. */
export class Progress {
  readonly #sides = new Map<RustSide, SideProgress>();
  #since = 0;

  /** Takes one event in; true when the line may have changed. */
  update(event: Event): boolean {
    switch (event.event) {
      case 'build-started':
        if (event.side === 'style' || event.side === 'assets') return false;
        if (this.#sides.size === 0) this.#since = Date.parse(event.time);
        this.#sides.set(event.side, { text: '', since: Date.parse(event.time) });
        return true;
      case 'build-progress': {
        const side = this.#sides.get(event.side);
        if (!side) return false;
        side.text = `${event.done}/${event.total} ${event.crate}`.trim();
        return true;
      }
      case 'build-finished':
      case 'build-stopped':
        return this.#sides.delete(event.side as RustSide);
      default:
        return false;
    }
  }

  /** The line at a moment (ms since the epoch); empty when nothing is being built. */
  line(now: number): string {
    if (this.#sides.size === 0) return '';
    const parts = RUST_SIDES.flatMap((name) => {
      const side = this.#sides.get(name);
      return side ? [side.text === '' ? `${name} starting` : `${name} ${side.text}`] : [];
    });
    return `${parts.join(' · ')} · ${formatMs(now - this.#since)}`;
  }
}
