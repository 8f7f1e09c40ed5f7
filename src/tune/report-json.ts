import { arch, cpus, platform } from 'node:os';
import type { Estimate } from '../record/statistics.js';
import { type Candidate, nameOfArm } from './candidate.js';
import type { Report } from './report-facts.js';
import { wordOf } from './report-text.js';
import type { ArmSamples } from './samples.js';
import type { Check } from './search.js';

/** Raised when a field changes its meaning or goes. */
const SCHEMA = 1;

/** The run for scripts. Times in ms, sizes in bytes, ratios as multiples of the time that an edit takes as it is. */
export function reportJson({ facts, result, endedAt }: Report, written: boolean, load: readonly number[]): object {
  const { base, tried, notTried, checks, winner, end } = result;
  const { tools } = facts;
  return {
    schema: SCHEMA,
    project: facts.project,
    mode: facts.mode,
    machine: { system: platform(), arch: arch(), cpu: cpus()[0]?.model ?? 'unknown', cpus: facts.cpus, load },
    tools: {
      rustc: tools.rustc,
      cargo: tools.cargo,
      cargoLeptos: tools.cargoLeptos,
      wasmBindgen: tools.wasmBindgen ?? null,
    },
    startedAt: new Date(facts.startedAt).toISOString(),
    budgetMs: facts.budgetMs,
    tookMs: endedAt - facts.startedAt,
    end,
    edit: facts.edit,
    isSeeded: facts.isSeeded,
    base: base && { firstBuildMs: base.firstBuildMs, ...samplesJson(base.samples) },
    settings: tried.map(({ candidate, firstBuildMs, samples, ratio }) => ({
      ...candidateJson(candidate),
      firstBuildMs,
      ...samplesJson(samples),
      ratio,
      verdict: wordOf({ ratio, samples }),
    })),
    notTried,
    checks: checks.map(checkJson),
    winner: winner && { ...checkJson(winner), settings: winner.arm.candidates.map(candidateJson) },
    written,
  };
}

function checkJson({ arm, firstBuildMs, samples, base, ratio }: Check): object {
  return {
    name: nameOfArm(arm),
    ids: arm.candidates.map(({ id }) => id),
    firstBuildMs,
    ...samplesJson(samples),
    base: samplesJson(base),
    ratio,
  };
}

function candidateJson({ id, group, title, entries, cost, byHand }: Candidate): object {
  return { id, group, title, entries, cost: cost ?? null, byHand: byHand ?? null };
}

interface SamplesJson {
  readonly edits: number;
  readonly ms: Estimate | null;
  readonly frontMs: number | null;
  readonly wasmBindgenMs: number | null;
  readonly serverMs: number | null;
  readonly wasmBytes: number | null;
}

function samplesJson(samples: ArmSamples): SamplesJson {
  return {
    edits: samples.count,
    ms: samples.estimate,
    frontMs: samples.medianOf(({ frontMs }) => frontMs),
    wasmBindgenMs: samples.medianOf(({ bindgenMs }) => bindgenMs),
    serverMs: samples.medianOf(({ serverMs }) => serverMs),
    wasmBytes: samples.medianOf(({ wasmBytes }) => wasmBytes),
  };
}
