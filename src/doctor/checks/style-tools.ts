import { extname, join } from 'node:path';
import { type Diagnosis, type DoctorCheck, type ProjectContext, worstOf } from '../diagnosis.js';
import { canDownload, downloadedTool } from '../downloaded-tool.js';

interface StyleTool {
  readonly command: string;
  /** For people. */
  readonly name: string;
  /** Pins the version that cargo-leptos downloads; else it takes this one (0.3.11, config/version.rs). */
  readonly variable: string;
  readonly byDefault: string;
  readonly npm: string;
}

const SASS: StyleTool = {
  command: 'sass',
  name: 'Dart Sass',
  variable: 'LEPTOS_SASS_VERSION',
  byDefault: '1.86.0',
  npm: 'npm install --save-dev sass',
};

const TAILWIND: StyleTool = {
  command: 'tailwindcss',
  name: 'Tailwind CSS',
  variable: 'LEPTOS_TAILWIND_VERSION',
  byDefault: 'v4.2.1',
  npm: 'npm install --save-dev tailwindcss @tailwindcss/cli',
};

/** Are the tools there that the styles ask for? cargo-leptos downloads what is not on PATH, where it can. */
export const styleToolsCheck: DoctorCheck = { id: 'style-tools', of: 'project', check };

async function check(context: ProjectContext): Promise<Diagnosis> {
  const configs = context.projects.map(({ config }) => config);
  for (const { styleFile } of configs) {
    if (styleFile === undefined || (await context.system.exists(styleFile))) continue;
    return {
      status: 'problem',
      found: 'the style-file of the Leptos metadata is not there',
      where: { file: styleFile },
      why: 'cargo-leptos exits when it comes to the styles.',
      fix: ['Create it, or mend or take out style-file'],
    };
  }
  const usesSass = configs.some(({ styleFile }) => ['.scss', '.sass'].includes(extname(styleFile ?? '')));
  const usesTailwind = configs.some(({ tailwindInputFile }) => tailwindInputFile !== undefined);
  const needed = [...(usesSass ? [SASS] : []), ...(usesTailwind ? [TAILWIND] : [])];
  if (needed.length === 0) return { status: 'ok', found: 'none needed' };
  const findings = await Promise.all(needed.map((tool) => findTool(tool, context)));
  return worstOf(findings, { status: 'ok', found: findings.map(({ found }) => found).join(', ') });
}

async function findTool(tool: StyleTool, { system, workspace }: ProjectContext): Promise<Diagnosis> {
  const { root } = workspace;
  // cargo-leptos puts it in front of PATH where there is a package.json (lib.rs).
  const hasPackages = await system.exists(join(root, 'package.json'));
  const path = await system.find(tool.command, hasPackages ? [join(root, 'node_modules', '.bin')] : []);
  if (path !== undefined) return { status: 'ok', found: `${tool.name} on PATH` };
  const version = system.env[tool.variable] ?? tool.byDefault;
  if (await downloadedTool(tool.command, version, system)) {
    return { status: 'ok', found: `${tool.name} ${version}, downloaded by cargo-leptos` };
  }
  if (!canDownload(system)) {
    return {
      status: 'problem',
      found: `${tool.name} is not installed, and cargo-leptos has no download for this platform`,
      why: 'The styles of this project need it: cargo-leptos exits without it.',
      fix: [tool.npm],
    };
  }
  return {
    status: 'unknown',
    found: `no ${tool.name} on PATH: cargo-leptos downloads ${version} at the first build`,
    why: 'That needs a way to github.com; whether there is one was not tried.',
    fix: [`without one: ${tool.npm}`],
  };
}
