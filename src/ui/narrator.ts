import type { Event } from '../core/events.js';
import { Progress } from './progress.js';
import { type Piece, Story } from './story.js';

interface Voice {
  readonly project: string | null;
  readonly story: Story;
  readonly progress: Progress;
}

/**
 * Tells what happens in one or several projects: each has a story and a progress of its own. Events know their session; which project
 * that is, the first of its events tells.
 */
export class Narrator {
  readonly #options: ConstructorParameters<typeof Story>[0];
  readonly #session: string;
  readonly #voices = new Map<string, Voice>();

  /** `session` is the run's own: with its events no project has to be told. */
  constructor(options: ConstructorParameters<typeof Story>[0], session: string) {
    this.#options = options;
    this.#session = session;
  }

  /** The pieces to print for one event, often none. */
  tell(event: Event): readonly Piece[] {
    return this.#voiceOf(event).story.tell(event);
  }

  /** Takes an event in; true when the live line may have changed. */
  update(event: Event): boolean {
    return this.#voiceOf(event).progress.update(event);
  }

  /** What is being built at a moment (ms since the epoch); empty when nothing is. */
  line(now: number): string {
    return [...this.#voices.values()]
      .flatMap(({ project, progress }) => {
        const line = progress.line(now);
        return line === '' ? [] : [project === null ? line : `${project}: ${line}`];
      })
      .join('   ');
  }

  /** Which of several projects an event is of; null where there is only one, or it is of the run. */
  projectOf(event: Event): string | null {
    return this.#voiceOf(event).project;
  }

  #voiceOf(event: Event): Voice {
    const known = this.#voices.get(event.session);
    if (known) return known;
    const project = event.session !== this.#session && 'project' in event ? event.project : null;
    const voice = { project, story: new Story({ ...this.#options, project }), progress: new Progress() };
    this.#voices.set(event.session, voice);
    return voice;
  }
}
