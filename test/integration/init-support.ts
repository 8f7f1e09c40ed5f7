import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { Cli } from 'clipanion';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import type { CliContext } from '../../src/cli-context.js';
import { InitCommand } from '../../src/commands/init.js';

/** A Leptos project for cargo's eyes: no dependency, so nothing needs the network. */
export const MANIFEST = `[package]
name = "harbour"
version = "0.1.0"
edition = "2021"

# what cargo-leptos reads
[package.metadata.leptos]
output-name = "harbour"
`;

/** Files below a new folder whose name has a space and umlauts; gone after the test. */
export function project(
  files: Readonly<Record<string, string>> = { 'Cargo.toml': MANIFEST, 'src/lib.rs': '' },
): string {
  const base = mkdtempSync(join(tmpdir(), 'leptos-fast-init-'));
  onTestFinished(() => rmSync(base, { recursive: true, force: true }));
  const root = join(base, 'Grüße aus Åbo');
  mkdirSync(root);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), content);
  }
  return root;
}

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `leptos-fast init` in this process, without a terminal. */
export async function init(...args: string[]): Promise<Outcome> {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const said = Promise.all([text(stdout), text(stderr)]);
  const context = { ...Cli.defaultContext, stdin: new PassThrough(), stdout, stderr, appArgs: [] };
  const exitCode = await Cli.from<CliContext>([InitCommand]).run(['init', ...args], context);
  stdout.end();
  stderr.end();
  const [out, problems] = await said;
  return { exitCode, stdout: stripVTControlCharacters(out), stderr: stripVTControlCharacters(problems) };
}

export const read = (root: string, name = 'Cargo.toml') => readFileSync(join(root, name), 'utf8');

/** Runs cargo in a project; its target folder lies in the project and goes with it. */
export async function cargo(
  root: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const target = { CARGO_TARGET_DIR: join(root, 'target') };
  const run = await execa('cargo', args, { cwd: root, reject: false, env: { ...target, ...env } });
  return { exitCode: run.exitCode ?? 1, stdout: run.stdout, stderr: run.stderr };
}
