import { formatMs } from '../../ui/duration.js';
import type { Advice } from '../advice/advice.js';
import { promiseText } from '../advice/words.js';
import type { History } from '../history-store.js';
import {
  cacheText,
  changeTexts,
  filesText,
  momentText,
  plural,
  printable,
  rangeText,
  ratioText,
  shareText,
  skippedText,
  successText,
  todayVerdict,
  verdictOf,
  waitedText,
} from '../report/words.js';
import { type Cost, hasArrived, type LastBatch, type Summary } from '../summary.js';
import { trends } from '../trend-series.js';
import { milestones } from '../way.js';
import { html, Markup } from './markup.js';
import { REPORT_STYLE } from './style.js';
import { trendChart } from './trend-chart.js';
import { waterfall } from './waterfall.js';

/** One self-contained page: no script, no request to anywhere. Everything from the history is escaped. */
export function htmlReport(history: History, summary: Summary, advice: readonly Advice[], title: string): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="content-security-policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${new Markup(REPORT_STYLE)}</style>
</head>
<body><main>
<header><h1>${title}</h1>
<p class="soft">${plural(summary.batches, 'save')} in the ${plural(summary.days, 'day')} before ${momentText(summary.generatedAt)}</p></header>
${figures(summary)}
${lastSection(summary.last)}
${trendSection(history, summary)}
${changeSection(summary)}
${adviceSection(advice)}
${kindSection(summary)}
<div class="two">${costSection('Slowest files to edit', 'File', summary.slowestFiles)}
${summary.slowestCrates.length > 1 ? costSection('Slowest crates', 'Crate', summary.slowestCrates) : html``}
${troubleSection(summary)}</div>
<footer>Medians with 95 % intervals; p95: 19 of 20 saves are faster. Save to page: until the server answers with the new content and open tabs are told.${damageText(summary)}</footer>
</main></body></html>
`;
  return page.text;
}

function figures(summary: Summary): Markup {
  const { last, today, successRate, skipped } = summary;
  const lastValue = last?.contentMs == null ? (last ? 'failed' : 'none') : formatMs(last.contentMs);
  return html`<section class="figures" aria-label="Is my loop fast right now?">
${figure('Last save', lastValue, last ? `${momentText(last.at)}, ${filesText(last.files)}` : 'no save yet', last?.result === 'failed' ? 'bad' : '')}
${figure('Median today', today.median ? formatMs(today.median.value) : 'none', todayVerdict(summary), verdictOf(summary).tone)}
${figure('Arrived', successRate === null ? 'none' : shareText(successRate), successText(summary), '')}
${figure('Not built', skipped.batches === 0 ? 'none' : formatMs(skipped.ms), spentText(summary), '')}
</section>`;
}

/** What was not spent, and what was in vain. */
function spentText(summary: Summary): string {
  return [skippedText(summary), cacheText(summary), waitedText(summary)].filter((text) => text !== null).join('; ');
}

function figure(name: string, value: string, text: string, tone: string): Markup {
  return html`<div class="figure"><span class="name">${name}</span><strong class="${tone}">${value}</strong><p class="soft">${text}</p></div>`;
}

function lastSection(last: LastBatch | null): Markup {
  if (!last || last.phases.length === 0) return html``;
  return html`<section><h2>The way of the last save</h2>${waterfall(last.phases, milestones(last))}</section>`;
}

function trendSection({ builds }: History, { from, changes }: Summary): Markup {
  const arrived = builds.filter(hasArrived).filter(({ at }) => at >= from);
  const charts = trends(arrived, changes).map(trendChart);
  if (charts.length === 0) return html``;
  return html`<section><h2>Save to page, by kind of edit</h2><div class="charts">${charts}</div></section>`;
}

function changeSection({ changes }: Summary): Markup {
  if (changes.length === 0) return html``;
  const items = changes.map((change) => {
    const { kind, at, before, after, ratio, isRegression } = change;
    const causes = changeTexts(change).join('; ');
    return html`<li><span class="${isRegression ? 'bad' : 'good'}">${isRegression ? 'slower' : 'faster'}</span> since ${momentText(at)}: ${kind}, ${formatMs(before)} → ${formatMs(after)}, ${ratioText(ratio)}<br><span class="soft">${causes}</span></li>`;
  });
  return html`<section><h2>Slower or faster beyond the noise</h2><ul>${items}</ul></section>`;
}

function adviceSection(advice: readonly Advice[]): Markup {
  if (advice.length === 0) return html``;
  const items = advice.map((one) => {
    const { title, evidence, cost, command, state } = one;
    const facts = evidence.map((line) => html`${printable(line)}<br>`);
    const tail =
      state.kind === 'open'
        ? html`Saves: ${promiseText(one)}<br>Costs: ${cost}${command === null ? html`` : html`<br><code>${command}</code>`}`
        : html`${promiseText(one)}`;
    return html`<li>${printable(title)}<br><span class="soft">${facts}${tail}</span></li>`;
  });
  return html`<section><h2>What would make it faster</h2><ul>${items}</ul></section>`;
}

function kindSection({ kinds }: Summary): Markup {
  if (kinds.length === 0) return html``;
  const rows = kinds.map(
    ({
      kind,
      count,
      median,
      p95,
      painted,
      patched,
    }) => html`<tr><th scope="row" class="kind">${kind}</th><td class="num">${count}</td>
<td class="num">${formatMs(median.value)}</td><td class="num wide">${rangeText(median)}</td><td class="num">${formatMs(p95)}</td>
<td class="num wide">${painted === null ? '' : formatMs(painted)}</td><td class="num wide">${patched === null ? '' : formatMs(patched)}</td></tr>`,
  );
  return html`<section><h2>By kind of edit</h2><div class="scroll" tabindex="0" role="region" aria-label="By kind of edit"><table><thead><tr><th>Kind</th><th class="num">Saves</th><th class="num">Median</th><th class="num wide">95 % interval</th><th class="num">p95</th><th class="num wide">Painted</th><th class="num wide">Patched</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function costSection(title: string, what: string, costs: readonly Cost[]): Markup {
  if (costs.length === 0) return html``;
  const rows = costs.map(
    ({ name, count, median, total }) =>
      html`<tr><th scope="row">${breakable(name)}</th><td class="num">${count}</td><td class="num">${formatMs(median)}</td><td class="num wide">${formatMs(total)}</td></tr>`,
  );
  return html`<section><h2>${title}</h2><div class="scroll" tabindex="0" role="region" aria-label="${title}"><table class="fixed"><colgroup><col><col class="count"><col class="time"><col class="sum wide"></colgroup><thead><tr><th>${what}</th><th class="num">Saves</th><th class="num">Median</th><th class="num wide">In all</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

/** A path that is broken behind its folders, where it has to be broken. */
function breakable(path: string): readonly Markup[] {
  return printable(path)
    .split('/')
    .map((part, index) => (index === 0 ? html`${part}` : html`/<wbr>${part}`));
}

function troubleSection({ recoveries, errorCodes }: Summary): Markup {
  if (recoveries.length === 0 && errorCodes.length === 0) return html``;
  const dealtWith = recoveries.map(
    ({ kind, count, lastAt, lastWhy }) =>
      html`<li>${printable(kind)} ${count} ×, last ${momentText(lastAt)}<br><span class="soft">${printable(lastWhy)}</span></li>`,
  );
  const codes = errorCodes.map(({ code, count }) => `${printable(code)} ${count} ×`).join(', ');
  const compile = codes === '' ? [] : [html`<li>Compile errors: ${codes}</li>`];
  return html`<section><h2>What went wrong</h2><ul>${[...dealtWith, ...compile]}</ul></section>`;
}

function damageText({ unreadableLines, otherVersionLines }: Summary): string {
  const parts: string[] = [];
  if (unreadableLines > 0) parts.push(` ${plural(unreadableLines, 'line')} of the history cannot be read.`);
  if (otherVersionLines > 0) parts.push(` ${plural(otherVersionLines, 'line')} are of another version of leptos-fast.`);
  return parts.join('');
}
