import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { REPO } from '../driver/places.js';
import type { ToolCommand } from '../driver/tool.js';

/** What the figures depend on, a line each. */
export function describeMachine(browserVersion: string): string[] {
  const processors = cpus();
  const model = processors[0]?.model.trim() || 'unknown processor';
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `${processors.length} × ${model}, ${memory} GiB, ${type()} ${release()}`,
    [firstLine('rustc', '--version'), firstLine('wasm-bindgen', '--version'), `leptos ${leptosVersion()}`].join(', '),
    `node ${process.versions.node}, Chromium ${browserVersion}`,
  ];
}

/** Name and version of a tool. */
export function describeTool(tool: ToolCommand): string {
  if (tool.name === 'leptos-fast') {
    const { version } = JSON.parse(readFileSync(join(REPO, 'package.json'), 'utf8')) as { version: string };
    return `leptos-fast ${version} (${firstLine('git', '-C', REPO, 'describe', '--always', '--dirty')})`;
  }
  return tool.name === 'cargo-leptos' ? firstLine('cargo-leptos', '--version') : tool.name;
}

function leptosVersion(): string {
  const manifest = readFileSync(join(REPO, 'templates/sample-app/Cargo.toml'), 'utf8');
  return /^leptos = "=(.+)"$/m.exec(manifest)?.[1] ?? 'unknown';
}

function firstLine(program: string, ...args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0] ?? '';
  } catch {
    return `${program} unknown`;
  }
}
