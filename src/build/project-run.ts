import { type CacheFigures, CacheMeter } from '../cache/cache-figures.js';
import { systemClock } from '../core/clock.js';
import type { LfError } from '../core/errors.js';
import { type EventBus, errorEvent } from '../core/events.js';
import type { Result } from '../core/result.js';
import { devDashboard } from '../dashboard/dev-dashboard.js';
import { recordSession } from '../record/session-history.js';
import { DevSession } from './dev-session.js';
import type { Prepared } from './prepare-project.js';

export interface ProjectRunOptions {
  /** What happens is told here. */
  readonly bus: EventBus;
  /** When the command was started, in ms since the epoch. */
  readonly startedAt: number;
  /** Nothing is built until the page is asked for, or `want` is called. */
  readonly onDemand: boolean;
  /** It cannot go on. */
  readonly onGivenUp: (error: LfError) => void;
}

/** One of the projects of a `dev`: its session, its record and its dashboard. */
export class ProjectRun {
  readonly name: string;
  readonly #options: ProjectRunOptions;
  readonly #prepared: Prepared;
  readonly #session: DevSession;
  readonly #closeRecord: () => Promise<void>;
  #state: 'waiting' | 'wanted' | 'over' = 'waiting';
  #stopping: Promise<void> | null = null;
  #closing: Promise<void> | null = null;

  private constructor(
    options: ProjectRunOptions,
    prepared: Prepared,
    parts: { readonly session: DevSession; readonly closeRecord: () => Promise<void> },
  ) {
    this.name = prepared.setup.project.name;
    this.#options = options;
    this.#prepared = prepared;
    this.#session = parts.session;
    this.#closeRecord = parts.closeRecord;
  }

  /** Puts it together; nothing is opened yet. */
  static async create(options: ProjectRunOptions, prepared: Prepared): Promise<ProjectRun> {
    const { bus, startedAt, onGivenUp } = options;
    const { setup, tools } = prepared;
    const { workspace, project, fastMode } = setup;
    const common = { bus, clock: systemClock, workspace, project: project.name, env: prepared.env, startedAt };
    const meter = new CacheMeter();
    const cacheFigures = (): CacheFigures => meter.figures;
    const history = recordSession({ ...common, config: project.config, mode: fastMode.mode, tools, cacheFigures });
    const dashboard = await devDashboard({ ...common, knownDurations: history.knownDurations });
    const session = new DevSession({
      ...prepared,
      bus,
      clock: systemClock,
      meter,
      history: { ...history, routes: [...history.routes, dashboard.route] },
      onVisit: () => run.want('asked for'),
      onGivenUp,
    });
    const closeRecord = async (): Promise<void> => {
      await dashboard.close();
      await history.close();
    };
    const run = new ProjectRun(options, prepared, { session, closeRecord });
    return run;
  }

  get isWanted(): boolean {
    return this.#state === 'wanted';
  }

  /** It was built and nothing of it is being built. */
  get isIdle(): boolean {
    return this.#session.isIdle;
  }

  get url(): string {
    return this.#session.url;
  }

  get dashboardUrl(): string | null {
    return this.#session.dashboardUrl;
  }

  /** Opens its ports, and builds unless it waits to be asked for. Error: LF040 when a port was taken meanwhile. */
  async start(): Promise<Result<void>> {
    const { bus, onDemand, startedAt } = this.#options;
    // Told before the ports are open: a visit may come at once.
    if (onDemand) bus.emit({ event: 'project-waiting', project: this.name, url: this.url });
    else this.#tellStart();
    const opened = await this.#session.open();
    if (opened.ok && !onDemand && this.#state === 'waiting') {
      this.#state = 'wanted';
      void this.#session.begin(startedAt);
    }
    return opened;
  }

  /** Builds it now, if it is not yet. */
  want(why: 'asked for' | 'idle'): void {
    const { bus, onDemand } = this.#options;
    if (this.#state !== 'waiting' || !onDemand) return;
    this.#state = 'wanted';
    bus.emit({ event: 'project-wanted', project: this.name, why });
    this.#tellStart();
    void this.#session.begin(systemClock.now());
  }

  rebuild(): void {
    this.#session.rebuild();
  }

  resume(): Promise<void> {
    return this.#session.resume();
  }

  /** Ends it in order, or at once. */
  async end(how: 'stop' | 'kill'): Promise<void> {
    this.#state = 'over';
    if (how === 'kill') await this.#session.kill();
    else {
      this.#stopping ??= this.#session.stop();
      await this.#stopping;
    }
    // It may have something to say, and `stopped` is the last.
    this.#closing ??= this.#closeRecord();
    await this.#closing;
  }

  /** What went wrong with it, for people and scripts. */
  tellError(error: LfError): void {
    this.#options.bus.emit(errorEvent(error));
  }

  #tellStart(): void {
    const { workspace, project, fastMode } = this.#prepared.setup;
    this.#options.bus.emit({ event: 'starting', project: project.name, dir: workspace.root, mode: fastMode.mode });
  }
}
