import { sep } from 'node:path';
import type { Ports } from '../build/ports.js';
import { portTaken } from '../build/ports.js';
import type { Clock } from '../core/clock.js';
import type { EventBus } from '../core/events.js';
import { err, ok, type Result } from '../core/result.js';
import type { LeptosConfig } from '../project/model.js';
import { DevProxy } from './proxy.js';
import { ReloadRelay } from './reload-relay.js';

/** How long (ms) a request waits for a server that restarts before a page is answered that reloads itself. */
const HOLD_MS = 30_000;
/** The same during the first build, which takes minutes: better a page that says so. */
const FIRST_HOLD_MS = 1_000;

export interface FrontDoorOptions {
  readonly bus: EventBus;
  readonly clock: Clock;
  /** Read anew for every connection: settings may change. */
  readonly ports: () => Ports;
  readonly config: () => LeptosConfig;
  /** True while the server is only restarting: worth waiting for. */
  readonly isServerDue: () => boolean;
}

/** Where browsers come: the proxy on the site's port, if there is one, and the live reload of open tabs. */
export class FrontDoor {
  readonly #options: FrontDoorOptions;
  #proxy: DevProxy | null;
  #relay: ReloadRelay;

  constructor(options: FrontDoorOptions) {
    this.#options = options;
    this.#proxy = this.#makeProxy();
    this.#relay = this.#makeRelay();
    // Open tabs are told at the moment when a batch can be seen.
    options.bus.on((event) => {
      if (event.event !== 'reloaded') return;
      if (event.kind === 'style') this.#relay.swapStylesheet();
      else if (event.kind !== 'none') this.#relay.reload();
    });
  }

  /** Begins to listen. Error: LF040 when a port was taken since it was chosen. */
  async open(): Promise<Result<void>> {
    const { host, site, reload } = this.#options.ports();
    for (const [port, listen] of [
      [site, () => this.#proxy?.listen()],
      [reload, () => this.#relay.listen()],
    ] as const) {
      try {
        await listen();
      } catch {
        return err(portTaken(host, port));
      }
    }
    return ok(undefined);
  }

  /** Goes on at the ports as they are now: the user has given the site another address. Error: LF040. */
  async move(): Promise<Result<void>> {
    await this.close();
    this.#proxy = this.#makeProxy();
    this.#relay = this.#makeRelay();
    return this.open();
  }

  /** Ends every connection and stops listening. */
  async close(): Promise<void> {
    await Promise.all([this.#proxy?.close(), this.#relay.close()]);
  }

  #makeRelay(): ReloadRelay {
    const { ports, config } = this.#options;
    const { sitePkgDir, outputName } = config();
    const { host, reload } = ports();
    return new ReloadRelay({
      host,
      port: reload,
      stylesheet: `${sitePkgDir.split(sep).join('/')}/${outputName}.css`,
    });
  }

  #makeProxy(): DevProxy | null {
    const { clock, ports, isServerDue } = this.#options;
    const { host, site, app } = ports();
    if (app === site) return null;
    return new DevProxy({
      clock,
      listen: { host, port: site },
      app: { host, port: app },
      holdMs: () => (isServerDue() ? HOLD_MS : FIRST_HOLD_MS),
    });
  }
}
