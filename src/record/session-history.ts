import type { CacheFigures } from '../cache/cache-figures.js';
import type { Clock } from '../core/clock.js';
import type { EventBus } from '../core/events.js';
import { ownVersion } from '../core/version.js';
import type { ToolVersions } from '../doctor/machine.js';
import type { LeptosConfig, Workspace } from '../project/model.js';
import type { OwnRoute } from '../serve/own-routes.js';
import { knownDurations } from './expected-times.js';
import { gitRevision } from './git-revision.js';
import { historyFolder } from './history-folder.js';
import { JsonLinesStore } from './json-lines-store.js';
import { metricsRoute } from './metrics-route.js';
import { openMetrics } from './open-metrics.js';
import { otlpSettings } from './otlp/otlp-settings.js';
import { TraceExporter } from './otlp/trace-exporter.js';
import { Recorder } from './recorder.js';
import { builtWasmSize, servedWasmSize } from './wasm-size.js';

/** What is expected of a build is learnt from so many ms of the past. */
const LEARNT_FROM_MS = 14 * 86_400_000;

export interface SessionHistoryOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly workspace: Pick<Workspace, 'root' | 'targetDir'>;
  /** The Leptos project's name. */
  readonly project: string;
  readonly config: Pick<LeptosConfig, 'siteRoot' | 'sitePkgDir' | 'outputName' | 'hashFiles'>;
  /** As in the event `starting`. */
  readonly mode: string;
  readonly tools: Pick<ToolVersions, 'cargoLeptos' | 'rustc'>;
  /** Whose OTEL_… variables say where traces go, if anywhere. */
  readonly env: NodeJS.ProcessEnv;
  /** When the command was started, in ms since the epoch. */
  readonly startedAt: number;
  /** What the caches were good for, so far. */
  readonly cacheFigures: () => CacheFigures;
}

/** What a run of `dev` has to do with the history. */
export interface SessionHistory {
  readonly recorder: Recorder;
  /** The figures for Prometheus. */
  readonly routes: readonly OwnRoute[];
  /** How long builds took in earlier runs, for the badge in the page: see BuildTimes. */
  readonly knownDurations: Promise<ReadonlyMap<string, readonly number[]>>;
  /** Writes what is open; says so when something could not be written. */
  close(): Promise<void>;
}

/** Records a session from its events alone; to be called before the first of them, `starting`. */
export function recordSession(options: SessionHistoryOptions): SessionHistory {
  const { bus, clock, workspace, project, config, mode, tools, startedAt, cacheFigures } = options;
  const store = new JsonLinesStore({ folder: historyFolder(workspace) });
  const versions = { leptosFast: ownVersion(), cargoLeptos: tools.cargoLeptos, rustc: tools.rustc };
  const rss = (): number => process.memoryUsage.rss();
  const traces = openTraces(options);
  const recorder = new Recorder({
    clock,
    store,
    versions,
    revision: () => gitRevision(workspace.root),
    rss,
    cacheFigures,
    builtWasm: builtWasmSize,
    servedWasm: () => servedWasmSize(config),
    onLine: (line) => {
      if (line.type === 'build') traces?.add(line);
    },
  });
  const off = bus.on((event) => recorder.on(event));
  return {
    recorder,
    routes: [
      metricsRoute(() => openMetrics(recorder, { versions, project, startedAt, rss: rss(), cache: cacheFigures() })),
    ],
    knownDurations: store.read(clock.now() - LEARNT_FROM_MS).then(({ builds }) => knownDurations(builds, mode)),
    close: async () => {
      off();
      await recorder.close();
      await traces?.close();
      if (store.lost !== null) bus.emit({ event: 'notice', message: `the history is not complete: ${store.lost}` });
    },
  };
}

function openTraces({ bus, clock, env }: SessionHistoryOptions): TraceExporter | null {
  const settings = otlpSettings(env);
  const onTrouble = (message: string): void => bus.emit({ event: 'notice', message });
  if (settings.ok) return settings.value && new TraceExporter({ settings: settings.value, clock, onTrouble });
  onTrouble(settings.error);
  return null;
}
