import uPlot from 'uplot';
import { make } from '../../client/elements.js';
import { dayText, momentText } from '../../record/report/words.js';

/** What a chart shows. Moments in ms since the epoch, oldest first; values in whatever the texts make of them. */
export interface ChartContent {
  readonly title: string;
  /** What the chart tells, in a sentence, for those who do not see it. */
  readonly summary: string;
  readonly at: readonly number[];
  readonly values: readonly number[];
  /** What stands below the chart when a point is pointed at. */
  readonly labels: readonly string[];
  readonly top: number;
  readonly tick: (value: number) => string;
  readonly shape: 'dots' | 'line';
  /** Stretches with their median. */
  readonly levels: readonly { readonly from: number; readonly to: number; readonly value: number }[];
  /** Where the level changed. */
  readonly marks: readonly { readonly at: number; readonly isRegression: boolean }[];
}

const HEIGHT = 176;
const DAY_MS = 86_400_000;
/** The space between two dates at the axis, in px. */
const DATE_SPACE = 74;
const AXIS_FONT = '12px system-ui, sans-serif';

/** A chart that stays while what it shows changes. */
export class Chart {
  readonly element: HTMLElement;
  readonly #plot: HTMLElement;
  readonly #readout: HTMLElement;
  readonly #resized: ResizeObserver;
  #content: ChartContent;
  #uplot: uPlot | null = null;

  constructor(content: ChartContent) {
    this.#content = content;
    this.#readout = make('p', { class: 'readout', 'aria-live': 'polite' });
    this.#plot = make('div', { class: 'plot', tabindex: '0', role: 'img', 'data-key': `chart ${content.title}` });
    this.element = make('figure', { class: 'chart' }, make('figcaption', {}, content.title), this.#plot, this.#readout);
    this.#plot.addEventListener('keydown', (event) => this.#onKey(event));
    this.#plot.addEventListener('blur', () => this.#point(null));
    this.#resized = new ResizeObserver(() => this.#fit());
    this.#resized.observe(this.#plot);
    this.#tell();
  }

  show(content: ChartContent): void {
    this.#content = content;
    this.#tell();
    this.repaint();
  }

  /** Draws everything anew, for other colours too. */
  repaint(): void {
    this.#uplot?.destroy();
    this.#uplot = null;
    this.#fit();
  }

  remove(): void {
    this.#resized.disconnect();
    this.#uplot?.destroy();
    this.element.remove();
  }

  #tell(): void {
    this.#plot.setAttribute('aria-label', `${this.#content.summary}. Arrow keys go from point to point.`);
    this.#readout.textContent = this.#resting;
  }

  /** What the readout says while nothing is pointed at. */
  get #resting(): string {
    return this.#content.summary;
  }

  #fit(): void {
    const width = Math.floor(this.#plot.clientWidth);
    if (width === 0) return;
    if (this.#uplot) this.#uplot.setSize({ width, height: HEIGHT });
    else this.#uplot = this.#draw(width);
  }

  #draw(width: number): uPlot {
    const { at, values, top, tick, shape } = this.#content;
    const colours = getComputedStyle(this.#plot);
    const colour = (name: string): string => colours.getPropertyValue(`--${name}`).trim();
    const [first = 0, last = 0] = [at[0], at.at(-1)];
    const margin = Math.max(60_000, (last - first) * 0.01);
    const dates = last - first > 2 * DAY_MS ? dayText : (ms: number): string => momentText(ms).replace(/^\d+ \w+ /, '');
    const axis: uPlot.Axis = { stroke: colour('soft'), font: AXIS_FONT, ticks: { show: false } };
    const grid = { stroke: colour('line'), width: 1 };
    return new uPlot(
      {
        width,
        height: HEIGHT,
        legend: { show: false },
        padding: [8, 4, 0, 0],
        cursor: {
          x: true,
          y: false,
          drag: { x: false, y: false },
          points: { size: 9, fill: colour('accent'), stroke: colour('accent') },
        },
        scales: {
          x: { time: true, range: [(first - margin) / 1_000, (last + margin) / 1_000] },
          y: { range: [0, top] },
        },
        axes: [
          {
            ...axis,
            grid: { show: false },
            space: DATE_SPACE,
            size: 30,
            gap: 9,
            values: (_, splits) => splits.map((second, index) => textOnce(splits, index, second, dates)),
          },
          {
            ...axis,
            grid,
            size: 58,
            gap: 6,
            splits: () => [0, top / 2, top],
            values: (_, splits) => splits.map(tick),
          },
        ],
        series: [
          {},
          shape === 'dots'
            ? {
                paths: () => null,
                points: { show: true, size: 5, fill: colour('dot'), stroke: colour('dot'), width: 0 },
              }
            : { stroke: colour('dot'), width: 1.5, points: { show: false } },
        ],
        hooks: {
          draw: [(plot) => this.#drawLevels(plot, colour)],
          setCursor: [(plot) => this.#onCursor(plot)],
        },
      },
      [at.map((ms) => ms / 1_000), values.map((value) => Math.min(value, top))],
      this.#plot,
    );
  }

  #drawLevels(plot: uPlot, colour: (name: string) => string): void {
    const { levels, marks } = this.#content;
    const { ctx, bbox } = plot;
    const x = (ms: number): number => Math.round(plot.valToPos(ms / 1_000, 'x', true));
    ctx.save();
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.strokeStyle = colour('ink');
    for (const { from, to, value } of levels) {
      const y = Math.round(plot.valToPos(value, 'y', true));
      line(ctx, x(from), y, x(to), y);
    }
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
    for (const { at, isRegression } of marks) {
      ctx.strokeStyle = colour(isRegression ? 'bad' : 'good');
      line(ctx, x(at), bbox.top, x(at), bbox.top + bbox.height);
    }
    ctx.restore();
  }

  #onCursor({ cursor: { idx } }: uPlot): void {
    const label = idx === null || idx === undefined ? undefined : this.#content.labels[idx];
    this.#readout.textContent = label ?? this.#resting;
  }

  #onKey(event: KeyboardEvent): void {
    const count = this.#content.at.length;
    const now = this.#uplot?.cursor.idx;
    const next = {
      ArrowLeft: (now ?? count) - 1,
      ArrowRight: (now ?? -1) + 1,
      Home: 0,
      End: count - 1,
      Escape: null,
    }[event.key];
    if (next === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#point(next === null ? null : Math.min(count - 1, Math.max(0, next)));
  }

  /** Points at a value, by its index. */
  #point(index: number | null): void {
    const plot = this.#uplot;
    const [at, value] = index === null ? [] : [this.#content.at[index], this.#content.values[index]];
    if (!plot) return;
    if (at === undefined || value === undefined) plot.setCursor({ left: -10, top: -10 });
    else
      plot.setCursor({
        left: plot.valToPos(at / 1_000, 'x'),
        top: plot.valToPos(Math.min(value, this.#content.top), 'y'),
      });
  }
}

/** A date is written once, however many lines of the axis lie on it. */
function textOnce(splits: readonly number[], index: number, second: number, text: (ms: number) => string): string {
  const before = splits[index - 1];
  const own = text(second * 1_000);
  return before !== undefined && text(before * 1_000) === own ? '' : own;
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}
