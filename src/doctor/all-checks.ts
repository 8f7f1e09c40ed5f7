import { cargoConfigCheck } from './checks/cargo-config.js';
import { cargoLeptosVersionCheck } from './checks/cargo-leptos-version.js';
import { cratesCheck } from './checks/crates.js';
import { devProfileCheck } from './checks/dev-profile.js';
import { diskCheck } from './checks/disk.js';
import { fastProfileCheck } from './checks/fast-profile.js';
import { fileEventsCheck } from './checks/file-events.js';
import { gitignoreCheck } from './checks/gitignore.js';
import { hashFilesCheck } from './checks/hash-files.js';
import { inotifyCheck } from './checks/inotify.js';
import { leptosEnvCheck } from './checks/leptos-env.js';
import { linkerCheck } from './checks/linker.js';
import { liveReloadCheck } from './checks/live-reload.js';
import { memoryCheck } from './checks/memory.js';
import { nodeCheck } from './checks/node.js';
import { portsCheck } from './checks/ports.js';
import { rustAnalyzerCheck } from './checks/rust-analyzer.js';
import { rustflagsCheck } from './checks/rustflags.js';
import { settingsCheck } from './checks/settings.js';
import { styleToolsCheck } from './checks/style-tools.js';
import { symlinksCheck } from './checks/symlinks.js';
import { toolchainCheck } from './checks/toolchain.js';
import { wasmBindgenMatchesCheck } from './checks/wasm-bindgen-matches.js';
import { wasmTargetInstalledCheck } from './checks/wasm-target-installed.js';
import type { DoctorCheck } from './diagnosis.js';

/** Every check, in the order in which they are shown and repaired: what others need comes first. */
export const ALL_CHECKS: readonly DoctorCheck[] = [
  toolchainCheck,
  wasmTargetInstalledCheck,
  cargoLeptosVersionCheck,
  wasmBindgenMatchesCheck,
  styleToolsCheck,
  linkerCheck,
  nodeCheck,
  memoryCheck,
  diskCheck,
  fileEventsCheck,
  inotifyCheck,
  symlinksCheck,
  portsCheck,
  leptosEnvCheck,
  rustflagsCheck,
  cargoConfigCheck,
  gitignoreCheck,
  settingsCheck,
  fastProfileCheck,
  devProfileCheck,
  hashFilesCheck,
  liveReloadCheck,
  rustAnalyzerCheck,
  cratesCheck,
];
