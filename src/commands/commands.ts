import { BenchCommand } from './bench.js';
import { CacheCommand } from './cache.js';
import { DashboardCommand } from './dashboard.js';
import { DevCommand } from './dev.js';
import { DoctorCommand } from './doctor.js';
import { GraphCommand } from './graph.js';
import { InitCommand } from './init.js';
import { ReportCommand } from './report.js';
import { TuneCommand } from './tune.js';

/** All commands, in the order in which `--help` lists them. */
export const COMMANDS = [
  DevCommand,
  InitCommand,
  ReportCommand,
  TuneCommand,
  DashboardCommand,
  GraphCommand,
  BenchCommand,
  DoctorCommand,
  CacheCommand,
] as const;
