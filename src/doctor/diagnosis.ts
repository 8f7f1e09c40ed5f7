import type { ErrorCode, Place } from '../core/errors.js';
import type { LeptosProject, Workspace } from '../project/model.js';
import type { System } from './system.js';

/** Worst first, as people see them. `unknown` is neither good nor bad: the question could not be answered. */
export const STATUSES = ['problem', 'warning', 'unknown', 'ok'] as const;

export type Status = (typeof STATUSES)[number];

/** What `doctor --fix` may do about a finding. */
export type Repair =
  /** Runs a command that installs something; no file of the user's project changes. */
  | { readonly kind: 'install'; readonly program: string; readonly args: readonly string[]; readonly cwd: string }
  /** Gives a text file of the user's another content; `before` is undefined where there is no such file yet. */
  | { readonly kind: 'edit'; readonly file: string; readonly before: string | undefined; readonly after: string }
  /** Brings the profile in the manifests up to date, as `leptos-fast init` does. */
  | { readonly kind: 'init'; readonly dir: string };

/** The answer of one check. Paths are absolute. */
export interface Diagnosis {
  readonly status: Status;
  /** What was found, in one line, without a full stop. */
  readonly found: string;
  /** What that means for people, where it isn't plain. */
  readonly why?: string;
  readonly where?: Place;
  /** What to do: one line each; the first is the best way out. */
  readonly fix?: readonly string[];
  /** The error with which `dev` stops for the same reason. */
  readonly code?: ErrorCode;
  readonly repair?: Repair;
}

/** What a check of the machine may look at: everything that it knows comes from here. */
export interface MachineContext {
  readonly system: System;
  /** The workspace's folder, or that of the nearest Cargo.toml where the workspace could not be read. */
  readonly root: string;
}

/** What a check of the project may look at. */
export interface ProjectContext extends MachineContext {
  readonly workspace: Workspace;
  /** The project that the folder means; all of the workspace's where it means none. */
  readonly projects: readonly LeptosProject[];
}

interface CheckName {
  /** Stable: scripts and the documentation hold on to it. */
  readonly id: string;
  /** The errors of `dev` that this check explains. */
  readonly codes?: readonly ErrorCode[];
}

/** One question with its answer. Checks don't depend on each other and run in parallel; none changes anything. */
export type DoctorCheck =
  | (CheckName & { readonly of: 'machine'; readonly check: (context: MachineContext) => Promise<Diagnosis> })
  | (CheckName & { readonly of: 'project'; readonly check: (context: ProjectContext) => Promise<Diagnosis> });

/** A diagnosis and the check that made it. */
export interface Diagnosed extends Diagnosis {
  readonly id: string;
}

/** Several findings of one check as one: the worst status, every reason and every way out. */
export function worstOf(findings: readonly Diagnosis[], fine: Diagnosis): Diagnosis {
  const bad = findings.filter(({ status }) => status !== 'ok');
  const [worst, ...others] = bad.sort((a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status));
  if (worst === undefined) return fine;
  if (others.length === 0) return worst;
  const why = [worst.why, ...others.flatMap((other) => [`Also: ${other.found}.`, other.why])];
  return {
    ...worst,
    why: why.filter((line) => line !== undefined).join('\n'),
    fix: [...new Set(bad.flatMap(({ fix = [] }) => fix))],
  };
}
