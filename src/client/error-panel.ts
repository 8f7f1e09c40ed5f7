import type { PageError, PageStatus } from '../serve/page-protocol.js';
import { ansiElements } from './ansi-elements.js';
import { make } from './elements.js';
import { icon } from './icons.js';

type Failed = Extract<PageStatus, { kind: 'failed' }>;

export interface PanelEvents {
  readonly open: (error: number) => void;
  readonly hide: () => void;
}

/** The errors, one at a time, the first one first. */
export class ErrorPanel {
  canOpen = false;
  readonly #events: PanelEvents;
  readonly #title = make('h2', { class: 'title', id: 'title' });
  readonly #count = make('span', { class: 'count' });
  readonly #building = make('span', { class: 'building' }, make('span', { class: 'ring' }), 'Rebuilding');
  readonly #previous = iconButton('Previous error', 'previous', () => this.#step(-1));
  readonly #next = iconButton('Next error', 'next', () => this.#step(1));
  readonly #body = make('div', { class: 'body', id: 'body' });
  readonly #arrows = make('span', { class: 'hint' }, make('kbd', {}, '←'), ' ', make('kbd', {}, '→'), ' other errors');
  readonly #panel: HTMLElement;
  readonly element: HTMLElement;
  #failed: Failed | null = null;
  /** What the body was made from: an unchanged one keeps its scroll position and selection. */
  #shown = '';
  #index = 0;

  constructor(events: PanelEvents) {
    this.#events = events;
    const close = iconButton('Hide until the next change', 'close', events.hide);
    const buttons = make('div', { class: 'buttons' }, this.#previous, this.#next, close);
    const heading = make('div', { class: 'heading' }, this.#title, this.#count, this.#building);
    const head = make('div', { class: 'head' }, heading, buttons);
    const escapeHint = make('span', { class: 'hint' }, make('kbd', {}, 'Esc'), ' hides it until the next change');
    const about = { role: 'alertdialog', 'aria-labelledby': 'title', 'aria-describedby': 'body', tabindex: '-1' };
    const foot = make('div', { class: 'foot', 'aria-hidden': 'true' }, escapeHint, this.#arrows);
    this.#panel = make('section', { class: 'panel', ...about }, head, this.#body, foot);
    this.element = make('div', { class: 'scrim', hidden: '' }, this.#panel);
    this.element.addEventListener('click', ({ target }) => target === this.element && events.hide());
    this.#panel.addEventListener('keydown', (event) => this.#onKey(event));
  }

  get isShown(): boolean {
    return !this.element.hidden;
  }

  show(failed: Failed): void {
    const isOther = JSON.stringify(failed.errors) !== JSON.stringify(this.#failed?.errors);
    if (isOther) this.#index = 0;
    this.#failed = failed;
    this.element.hidden = false;
    this.#render();
  }

  hide(): void {
    this.element.hidden = true;
  }

  /** Takes the focus for the keyboard, unless the user is at something in the page. */
  takeFocus(hasIt: boolean): void {
    const active = document.activeElement;
    const isFree = active === null || active === document.body || active === document.documentElement;
    if (isFree && !hasIt) this.#panel.focus({ preventScroll: true });
  }

  #render(): void {
    const failed = this.#failed;
    if (!failed) return;
    const { errors, title, warnings, building } = failed;
    this.#title.textContent = title;
    this.#count.textContent = countText(this.#index, errors.length, warnings);
    this.#building.hidden = !building;
    this.#previous.disabled = this.#index === 0;
    this.#next.disabled = this.#index >= errors.length - 1;
    for (const element of [this.#previous, this.#next, this.#arrows]) element.hidden = errors.length < 2;
    const error = errors[this.#index];
    const content = JSON.stringify([error, this.#index, this.canOpen]);
    if (content === this.#shown) return;
    this.#shown = content;
    this.#body.replaceChildren(...(error ? this.#errorElements(error) : []));
    this.#body.hidden = error === undefined;
    this.#body.scrollTop = 0;
  }

  #errorElements(error: PageError): Node[] {
    const message = make('p', { class: 'message' }, make('span', { class: 'label' }, error.label), error.message);
    const where = make('div', { class: 'where' });
    if (error.place) where.append(this.#placeElement(error, error.place));
    if (error.sides.length > 0)
      where.append(make('span', { class: 'side' }, `reported by ${error.sides.join(' and ')}`));
    const code = make('pre', { class: 'code', tabindex: '0', role: 'region', 'aria-label': 'Output of the compiler' });
    code.append(...ansiElements(error.rendered.trimEnd()));
    return [message, ...(where.childElementCount > 0 ? [where] : []), ...(error.rendered.trim() === '' ? [] : [code])];
  }

  #placeElement(error: PageError, { file, line, column }: NonNullable<PageError['place']>): HTMLElement {
    const text = `${file}:${line}:${column}`;
    if (this.canOpen) {
      const button = make('button', { class: 'place', type: 'button', title: 'Open in the editor' }, text);
      const index = this.#index;
      button.addEventListener('click', () => this.#events.open(index));
      return button;
    }
    if (error.editorUrl === null) return make('span', { class: 'place' }, text);
    return make('a', { class: 'place', href: error.editorUrl, title: 'Open in the editor' }, text);
  }

  #step(by: number): void {
    const last = (this.#failed?.errors.length ?? 0) - 1;
    this.#index = Math.max(0, Math.min(last, this.#index + by));
    this.#render();
    // A button that is disabled under the finger loses the focus, and the keyboard with it.
    if (this.#previous.disabled || this.#next.disabled) this.#panel.focus({ preventScroll: true });
  }

  #onKey(event: KeyboardEvent): void {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    // There they scroll the lines that are too long.
    if (event.target instanceof HTMLPreElement && event.target.scrollWidth > event.target.clientWidth) return;
    event.preventDefault();
    this.#step(by);
  }
}

function countText(index: number, errors: number, warnings: number): string {
  const parts = [];
  if (errors === 1) parts.push('1 error');
  if (errors > 1) parts.push(`${index + 1} of ${errors} errors`);
  if (warnings > 0) parts.push(warnings === 1 ? '1 warning' : `${warnings} warnings`);
  return parts.join(', ');
}

function iconButton(label: string, name: Parameters<typeof icon>[0], click: () => void): HTMLButtonElement {
  const button = make('button', { class: 'icon', type: 'button', 'aria-label': label, title: label }, icon(name));
  button.addEventListener('click', click);
  return button;
}
