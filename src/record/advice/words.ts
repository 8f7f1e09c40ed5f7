import { formatMs } from '../../ui/duration.js';
import { dayText, ratioText } from '../report/words.js';
import { type Advice, verdictOf } from './advice.js';

/** What it should bring or, once it was followed, what it brought; in words that people read alone. */
export function promiseText({ gain, state }: Advice): string {
  switch (state.kind) {
    case 'open':
      return gain === null
        ? 'nothing measured here tells what it saves'
        : `about ${formatMs(gain.ms)} an edit (${gain.of})`;
    case 'followed':
      return `followed on ${dayText(state.at)}; too few edits since to tell what it brought`;
    case 'checked': {
      const figures = `${formatMs(state.beforeMs)} → ${formatMs(state.afterMs)}, ${ratioText(state.ratio)}`;
      const promised = gain === null ? '' : `; ${formatMs(gain.ms)} were expected`;
      return `followed on ${dayText(state.at)}: ${VERDICTS[verdictOf(state)]}, ${figures}${promised}`;
    }
  }
}

const VERDICTS = {
  faster: 'edits are faster',
  slower: 'edits are slower',
  'no difference': 'no difference beyond the noise',
} as const;
