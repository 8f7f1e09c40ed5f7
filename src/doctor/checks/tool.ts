import type { ErrorCode } from '../../core/errors.js';
import { missingToolchain } from '../../project/cargo-error.js';
import type { CheckContext, Finding, FoundTool } from '../check.js';
import { findExecutable } from '../find-executable.js';
import { askTool, versionIn } from '../run-tool.js';

interface ToolQuestion {
  readonly name: string;
  readonly code: ErrorCode;
  readonly help: readonly string[];
  /** Where to look beside PATH. */
  readonly extraDirs?: readonly string[];
}

/** Is the tool there, and does it tell its version? What all checks of a single tool share. */
export async function checkTool(question: ToolQuestion, { workspace, env }: CheckContext): Promise<Finding<FoundTool>> {
  const { name, code, help, extraDirs = [] } = question;
  const path = await findExecutable(name, env, extraDirs);
  if (path === undefined) {
    const also = extraDirs.length === 0 ? '' : ` or in ${extraDirs.join(', ')}`;
    return { status: 'missing', error: { code, message: `there is no ${name} on PATH${also}`, help, exitCode: 3 } };
  }
  const answer = await askTool(path, ['--version'], { cwd: workspace.root, env });
  switch (answer.kind) {
    case 'answered': {
      const version = versionIn(answer.stdout);
      if (version !== undefined) return { status: 'ok', value: { path, version } };
      return { status: 'unknown', why: `${path} does not tell its version`, value: { path, version: 'unknown' } };
    }
    case 'silent':
      return { status: 'unknown', why: answer.why, value: { path, version: 'unknown' } };
    case 'failed':
      return {
        status: 'missing',
        // Behind rustup a tool that is there does not run without its toolchain.
        error: missingToolchain(answer.why) ?? {
          code,
          message: `${name} does not run`,
          where: { file: path },
          why: answer.why,
          help,
          exitCode: 3,
        },
      };
  }
}
