import type { LeptosProject, Workspace } from '../project/model.js';
import type { FastMode } from './fast-mode.js';
import type { Ports } from './ports.js';

/** What follows from the user's settings: read at the start, and anew when they edit their manifests or `.env`. */
export interface Setup {
  readonly workspace: Workspace;
  readonly project: LeptosProject;
  readonly ports: Ports;
  readonly fastMode: FastMode;
}
