import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/chromium.js';
import { findRealCargo } from './campaign.js';
import { SCENARIOS } from './cases/index.js';
import { oneAtATime } from './driver/one-at-a-time.js';
import { makePlaces } from './driver/places.js';
import { takeSnapshot } from './driver/snapshot.js';
import { describeTool } from './report/machine.js';
import { runScenario } from './run-scenario.js';
import { LEPTOS_FAST } from './tools.js';
import { warmUp } from './warm-up.js';

/** Scenarios that take some ten seconds each, and that plain cargo-leptos mostly fails. */
const FAST = [1, 7, 13, 14, 16, 20, 23, 26];

/** The whole suite is `npm run scenarios`; this is what each change has to pass. */
describe('reliability scenarios, the fast ones', () => {
  let browser: Browser;
  let release: () => void = () => undefined;
  const realCargo = findRealCargo();
  const onScene = (): void => undefined;

  beforeAll(async () => {
    makePlaces();
    release = await oneAtATime();
    takeSnapshot();
    browser = await launchBrowser();
    await warmUp({ tool: LEPTOS_FAST, browser, realCargo, onScene });
  });

  afterAll(async () => {
    await browser?.close();
    release();
  });

  for (const scenario of SCENARIOS.filter(({ number }) => FAST.includes(number))) {
    it(`${scenario.number} ${scenario.name}`, async () => {
      const steps: string[] = [];
      const onStep = (step: string): void => void steps.push(step);
      const version = describeTool(LEPTOS_FAST);
      const result = await runScenario({
        scenario,
        tool: LEPTOS_FAST,
        run: 1,
        version,
        browser,
        realCargo,
        onStep,
        onScene,
      });
      expect(result.reason, steps.join(' → ')).toBeNull();
    });
  }
});
