import type { Scenario } from '../scenario.js';
import { saveIdle } from './01-save-idle.js';
import { saveDuringFirstBuild } from './02-save-during-first-build.js';
import { saveDuringBuild } from './03-save-during-build.js';
import { saveDuringAssetCopy } from './04-save-during-asset-copy.js';
import { cssWhileFrontBuilds } from './05-css-while-front-builds.js';
import { workspaceFrontError } from './06-workspace-front-error.js';
import { syntaxError } from './07-syntax-error.js';
import { startBroken } from './08-start-broken.js';
import { nestedModules } from './09-nested-modules.js';
import { deleteModule } from './10-delete-module.js';
import { atomicSave } from './11-atomic-save.js';
import { gitCheckout } from './12-git-checkout.js';
import { tenSaves } from './13-ten-saves.js';
import { sameBytes } from './14-same-bytes.js';
import { addDependency } from './15-add-dependency.js';
import { includedFile } from './16-included-file.js';
import { editOutsideCrate } from './17-outside-crate.js';
import { tailwind } from './18-tailwind-only.js';
import { sassPartial } from './19-sass-partial.js';
import { danglingLink } from './20-dangling-link.js';
import { bootsSlowly } from './21-slow-boot.js';
import { reloadPortTaken } from './22-reload-port-taken.js';
import { killAndRestart } from './23-kill-and-restart.js';
import { ctrlC } from './24-ctrl-c.js';
import { noEvents } from './25-no-events.js';
import { deleteAsset } from './26-delete-asset.js';
import { formatter } from './27-formatter.js';
import { serverKilled } from './28-server-killed.js';
import { vimSave } from './29-vim-save.js';
import { emacsLocks } from './30-emacs-locks.js';
import { renameModule } from './31-rename-module.js';
import { renameFolder } from './32-rename-folder.js';
import { fileBecomesFolder } from './33-file-becomes-folder.js';
import { brokenThenRight } from './34-broken-then-right.js';
import { manifestBroken } from './35-manifest-broken.js';
import { portInManifest } from './36-port-in-manifest.js';
import { portInDotenv } from './37-port-in-dotenv.js';
import { saveDuringBindgen } from './38-save-during-bindgen.js';
import { saveDuringRestart } from './39-save-during-restart.js';
import { spacesAndUmlauts } from './40-umlauts.js';
import { editLinkedSources } from './41-linked-sources.js';
import { swapFiles } from './42-swap-files.js';
import { oldTime } from './43-old-time.js';
import { lineEnds } from './44-line-ends.js';
import { largeAsset } from './45-large-asset.js';
import { killChildren } from './46-kill-children.js';
import { killCompiler } from './47-kill-compiler.js';
import { suspend } from './48-suspend.js';
import { siteDeleted } from './49-site-deleted.js';
import { buildScriptInput } from './50-build-script-input.js';
import { undo } from './51-undo.js';
import { serverPanics } from './52-server-panics.js';
import { newAssetFolders } from './53-new-asset-folders.js';
import { allAtOnce } from './54-all-at-once.js';
import { steadySaves } from './55-steady-saves.js';
import { hangUp } from './56-hang-up.js';
import { killDuringBuild } from './57-kill-during-build.js';

/** All scenarios, by number. */
export const SCENARIOS: readonly Scenario[] = [
  saveIdle,
  saveDuringFirstBuild,
  saveDuringBuild,
  saveDuringAssetCopy,
  cssWhileFrontBuilds,
  workspaceFrontError,
  syntaxError,
  startBroken,
  nestedModules,
  deleteModule,
  atomicSave,
  gitCheckout,
  tenSaves,
  sameBytes,
  addDependency,
  includedFile,
  editOutsideCrate,
  tailwind,
  sassPartial,
  danglingLink,
  bootsSlowly,
  reloadPortTaken,
  killAndRestart,
  ctrlC,
  noEvents,
  deleteAsset,
  formatter,
  serverKilled,
  vimSave,
  emacsLocks,
  renameModule,
  renameFolder,
  fileBecomesFolder,
  brokenThenRight,
  manifestBroken,
  portInManifest,
  portInDotenv,
  saveDuringBindgen,
  saveDuringRestart,
  spacesAndUmlauts,
  editLinkedSources,
  swapFiles,
  oldTime,
  lineEnds,
  largeAsset,
  killChildren,
  killCompiler,
  suspend,
  siteDeleted,
  buildScriptInput,
  undo,
  serverPanics,
  newAssetFolders,
  allAtOnce,
  steadySaves,
  hangUp,
  killDuringBuild,
];
