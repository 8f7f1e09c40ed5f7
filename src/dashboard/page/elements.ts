import { make } from '../../client/elements.js';

/** A part of the page with a heading. */
export function section(
  title: string,
  attributes: Readonly<Record<string, string>>,
  ...inside: (Node | string)[]
): HTMLElement {
  return make('section', attributes, make('h2', {}, title), ...inside);
}

export interface Column {
  readonly title: string;
  /** `num` for figures, `wide` for what small screens leave out. */
  readonly class?: string;
}

/** A table whose first column names the row. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly (string | readonly (Node | string)[])[])[],
  classes = '',
): HTMLElement {
  const cell = (
    tag: 'th' | 'td',
    scope: Readonly<Record<string, string>>,
    index: number,
    inside: readonly (Node | string)[],
  ) => make(tag, { ...scope, class: columns[index]?.class ?? '' }, ...inside);
  return make(
    'table',
    { class: classes },
    make(
      'thead',
      {},
      make('tr', {}, ...columns.map(({ title }, index) => cell('th', { scope: 'col' }, index, [title]))),
    ),
    make(
      'tbody',
      {},
      ...rows.map((row) =>
        make(
          'tr',
          {},
          ...row.map((inside, index) => {
            const content = typeof inside === 'string' ? [inside] : inside;
            return index === 0 ? cell('th', { scope: 'row' }, index, content) : cell('td', {}, index, content);
          }),
        ),
      ),
    ),
  );
}

/** The bar below a name that compares it with the largest of its table. */
export function costBar(share: number): HTMLElement {
  const bar = make('span', { class: 'cost' });
  bar.style.width = `${share * 100}%`;
  return bar;
}

/** A button that copies a text; it says so for a while. */
export function copyButton(text: string): HTMLElement {
  const button = make('button', { type: 'button', class: 'copy', 'data-key': `copy ${text}` }, 'Copy');
  button.addEventListener('click', async () => {
    button.textContent = (await copy(text)) ? 'Copied' : 'Select it and press Ctrl+C';
    window.setTimeout(() => {
      button.textContent = 'Copy';
    }, 2_000);
  });
  return button;
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // The page was opened under an address that browsers do not trust with the clipboard.
    return false;
  }
}
