import { make } from '../../client/elements.js';
import { plural } from '../../record/report/words.js';
import { type Figures, PERIODS } from '../data.js';
import { Chart, type ChartContent } from './chart.js';
import { gaugeContent, trendContent } from './charts.js';
import { Connection } from './connection.js';
import { section } from './elements.js';
import { GraphSection } from './graph-section.js';
import {
  adviceSection,
  changesSection,
  costsSection,
  kindsSection,
  skipsSection,
  troubleSection,
} from './history-sections.js';
import { nowSection, waySection } from './now.js';
import { damageText, disconnectedNotice, lineText, liveLine, missingNotice, problemNotice } from './states.js';
import { initialModel, type PageModel } from './store.js';

/** How often (ms) a time that runs is written anew. */
const TICK_MS = 200;

const FOOTER =
  'Medians with 95 % intervals; p95: 19 of 20 saves are faster. Save to page: until the server answers with the new content and open tabs are told. Every figure was measured on this machine; nothing leaves it.';

/** The page: shows the model, and takes from the stream and from people what changes it. */
class DashboardPage {
  #model: PageModel = initialModel(location.hash);
  readonly #charts = new Map<string, Chart>();
  readonly #project = make('span', { class: 'project' });
  readonly #line = make('span', { class: 'line', role: 'status' });
  readonly #periods = make('fieldset', { class: 'periods' });
  readonly #notices = make('div', { class: 'notices' });
  readonly #live = make('div', { class: 'live-place' });
  readonly #content = make('div', { class: 'content' });
  readonly #graph = new GraphSection();
  readonly #connection: Connection;

  constructor() {
    const bar = make('div', { class: 'bar' }, make('h1', {}, 'leptos-fast ', this.#project), this.#line, this.#periods);
    document.body.replaceChildren(
      make('header', {}, bar),
      make('main', {}, this.#notices, this.#live, this.#content, this.#graph.element, make('footer', {}, FOOTER)),
    );
    this.#connection = new Connection({
      onOpen: () => this.#change({ line: { kind: 'connected' } }),
      onLost: () => {
        const { line } = this.#model;
        this.#change({ line: { kind: 'disconnected', ended: line.kind === 'disconnected' && line.ended }, live: null });
      },
      on: {
        hello: (hello) => this.#change({ hello }),
        live: (live) => this.#change({ live }),
        figures: (figures) => this.#change({ figures, problem: null }),
        problem: ({ message }) => this.#change({ problem: message, figures: null }),
        ended: () => this.#change({ line: { kind: 'disconnected', ended: true }, live: null }),
      },
    });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
      for (const chart of this.#charts.values()) chart.repaint();
    });
    addEventListener('hashchange', () => this.#choose(initialModel(location.hash).days));
    setInterval(() => this.#drawLive(), TICK_MS);
    this.#drawAll();
    this.#connection.open(this.#model.days);
  }

  #change(change: Partial<PageModel>): void {
    const before = this.#model;
    this.#model = { ...before, ...change };
    this.#drawTop();
    this.#drawLive();
    const { figures, selected, problem } = this.#model;
    if (figures !== before.figures || selected !== before.selected || problem !== before.problem) this.#drawContent();
  }

  #choose(days: number): void {
    if (days === this.#model.days) return;
    history.replaceState(null, '', `#days=${days}`);
    this.#change({ days });
    this.#connection.open(days);
  }

  #drawAll(): void {
    this.#drawTop();
    this.#drawLive();
    this.#drawContent();
  }

  #drawTop(): void {
    const { hello } = this.#model;
    const { text, tone } = lineText(this.#model);
    this.#project.textContent = hello?.project ?? '';
    document.title = hello ? `${hello.project}: leptos-fast` : 'leptos-fast dashboard';
    // Written again, the same words would be read out again.
    if (this.#line.textContent !== text) this.#line.textContent = text;
    this.#line.className = `line ${tone}`;
    replace(this.#notices, [disconnectedNotice(this.#model), problemNotice(this.#model)]);
    keepFocus(this.#periods, () => this.#drawPeriods());
  }

  #drawPeriods(): void {
    const { days } = this.#model;
    const offered = PERIODS.some((period) => period === days) ? PERIODS : [...PERIODS, days].sort((a, b) => a - b);
    const choices = offered.map((period) => {
      const input = make('input', { type: 'radio', name: 'days', value: String(period), 'data-key': `days ${period}` });
      input.checked = period === days;
      input.addEventListener('change', () => this.#choose(period));
      return make('label', {}, input, make('span', {}, `${period} days`));
    });
    this.#periods.replaceChildren(make('legend', { class: 'unseen' }, 'Period'), ...choices);
  }

  #drawLive(): void {
    const { live } = this.#model;
    replace(this.#live, [live ? liveLine(live, Date.now()) : null]);
  }

  #drawContent(): void {
    const { figures, problem, line } = this.#model;
    const isWhole = figures !== null && !figures.isPartial;
    this.#content.setAttribute('aria-busy', String(!isWhole && problem === null));
    if (figures) keepFocus(this.#content, () => this.#drawFigures(figures));
    else {
      const isReading = problem === null && line.kind !== 'disconnected';
      replace(this.#content, [isReading ? make('p', { class: 'soft reading' }, 'Reading the history …') : null]);
    }
  }

  #drawFigures(figures: Figures): void {
    const { summary, recent, trends, gauges, advice, missing } = figures;
    if (missing) {
      const { hello, days } = this.#model;
      replace(this.#content, [missingNotice(missing, hello?.folder ?? '', days, (more) => this.#choose(more))]);
      return;
    }
    const now = [
      nowSection(figures),
      waySection(recent, this.#model.selected, (selected) => this.#change({ selected })),
    ];
    if (figures.isPartial) {
      replace(this.#content, [...now, make('p', { class: 'soft reading' }, 'Reading the older saves …')]);
      return;
    }
    const damage = damageText(summary.unreadableLines, summary.otherVersionLines);
    const charts = this.#chartsOf([...trends.map(trendContent), ...gauges.map(gaugeContent)]);
    const trendCharts = charts.slice(0, trends.length);
    const gaugeCharts = charts.slice(trends.length);
    replace(this.#content, [
      ...now,
      adviceSection(advice),
      chartSection(`Save to page, ${plural(summary.days, 'day')}`, trendCharts),
      changesSection(summary.changes),
      kindsSection(summary.kinds),
      make(
        'div',
        { class: 'two' },
        ...[
          costsSection('Slowest files to edit', 'File', summary.slowestFiles, 'Median of saves of up to three files.'),
          costsSection(
            'Slowest crates',
            'Crate',
            summary.slowestCrates,
            "Median time of cargo in saves that compiled the crate: not the crate's own time.",
          ),
          skipsSection(figures),
          troubleSection(summary),
        ].filter((node) => node !== null),
      ),
      chartSection('What builds cost', gaugeCharts),
      damage === null ? null : make('p', { class: 'soft damage' }, damage),
    ]);
  }

  /** The charts of these contents, in their order; a chart that is there already is kept, with what is pointed at. */
  #chartsOf(contents: readonly ChartContent[]): readonly HTMLElement[] {
    const titles = new Set(contents.map(({ title }) => title));
    for (const [title, chart] of this.#charts) {
      if (titles.has(title)) continue;
      chart.remove();
      this.#charts.delete(title);
    }
    return contents.map((content) => {
      const known = this.#charts.get(content.title);
      known?.show(content);
      const chart = known ?? new Chart(content);
      this.#charts.set(content.title, chart);
      return chart.element;
    });
  }
}

function chartSection(title: string, charts: readonly HTMLElement[]): HTMLElement | null {
  return charts.length === 0 ? null : section(title, {}, make('div', { class: 'charts' }, ...charts));
}

function replace(place: HTMLElement, inside: readonly (HTMLElement | null)[]): void {
  place.replaceChildren(...inside.filter((node) => node !== null));
}

/** Draws a place anew; who was at an element of it by keyboard is at its successor then. */
function keepFocus(place: HTMLElement, draw: () => void): void {
  const active = document.activeElement;
  const key = active instanceof HTMLElement && place.contains(active) ? active.dataset.key : undefined;
  draw();
  if (key === undefined) return;
  for (const next of place.querySelectorAll<HTMLElement>('[data-key]')) {
    if (next.dataset.key === key) next.focus({ preventScroll: true });
  }
}

new DashboardPage();
