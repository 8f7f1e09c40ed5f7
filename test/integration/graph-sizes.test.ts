import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { BIN } from '../support/dev-run.js';
import { type FakeProject, fakeProject } from '../support/fake-project.js';
import { writeScript } from '../support/temp-dir.js';
import { waitUntil } from '../support/wait-until.js';

/**
 * A cargo whose wasm is as large as the release profile's settings say; the smallest has the longest names. It does not build with opt-level "s" alone; with a file `hang` it does
 * not end. Everything but `build` goes to the real cargo.
 */
const FAKE_CARGO = `#!/bin/sh
[ "$1" = build ] || exec "$FAKE_CARGO_REAL" "$@"
profile=debug
for arg do
  case $arg in
    --profile=*) profile=\${arg#*=} ;;
    --target-dir=*) target=\${arg#*=} ;;
  esac
done
echo "$RUSTFLAGS| $*" >>"$FAKE_CARGO_DIR/calls"
if [ -e "$FAKE_CARGO_DIR/hang" ]; then exec tail -f /dev/null; fi
size=120
names=10
case "$*" in
  *'opt-level="s"'*) echo 'error: no code for size here' >&2; exit 101 ;;
  *'opt-level="z"'*'lto="fat"'*) size=40 names=100 ;;
  *'opt-level="z"'*) size=60 ;;
  *'lto="fat"'*) size=90 ;;
esac
file=$target/wasm32-unknown-unknown/$profile/app.wasm
mkdir -p "\${file%/*}"
{ printf '\\000asm\\001\\000\\000\\000'; printf "\\\\013\\\\$(printf %o $size)"; head -c $size /dev/urandom
  printf "\\\\000\\\\$(printf %o $((names + 2)))"; printf '\\001x'; head -c $names /dev/urandom; } >"$file"
printf '{"reason":"compiler-artifact","package_id":"app","target":{"name":"app"},"filenames":["%s"],"fresh":false}\\n' "$file"
`;

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function sizesProject(): Promise<{ project: FakeProject; control: string }> {
  const project = await fakeProject();
  const control = join(dirname(project.dir), 'control');
  await writeScript(join(control, 'bin', 'cargo'), FAKE_CARGO);
  return { project, control };
}

function start(project: FakeProject, ...args: readonly string[]) {
  const child = spawn(process.execPath, [BIN, 'graph', '--sizes', ...args], { cwd: project.dir, env: project.env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const ended = new Promise<Ran>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

it('builds releases with one setting after the other, tells what each weighs, and leaves nothing behind', async () => {
  const { project, control } = await sizesProject();
  const { code, stdout, stderr } = await start(project, '--json').ended;
  expect(code, stderr).toBe(0);
  const sizes = JSON.parse(stdout) as { measured: { variant: { name: string }; bytes?: number; failed?: string }[] };
  expect(sizes).toMatchObject({ schema: 'leptos-fast sizes', version: 1, profile: 'release', isCut: false });
  expect(sizes.measured.map(({ variant: { name }, bytes, failed }) => [name, bytes ?? failed])).toEqual([
    ['as it is', 144],
    ['opt-level "s"', expect.stringContaining('no code for size here')],
    ['opt-level "z"', 84],
    ['fat LTO', 114],
    ['fat LTO and opt-level "z"', 154],
  ]);
  expect(stderr).toContain('opt-level "s": does not build');
  const calls = (await readFile(join(control, 'calls'), 'utf8')).trim().split('\n');
  for (const call of calls) {
    expect(call).toMatch(
      /--lib --target=wasm32-unknown-unknown .*--features=hydrate --profile=release --target-dir=\S+sizes\/scratch\/target/,
    );
    expect(call).not.toContain('erase_components');
  }
  expect(existsSync(project.path('target/leptos-fast/sizes'))).toBe(false);
});

it('tells people the smallest without names, as wasm-opt leaves it, and what to write for it', async () => {
  const { project } = await sizesProject();
  const { stdout } = await start(project).ended;
  expect(stdout).toMatch(/Smallest: fat LTO and opt-level "z", −\d+ % to load/);
  expect(stdout).toContain(
    '[profile.wasm-release]\n      inherits = "release"\n      opt-level = "z"\n      lto = "fat"\n      codegen-units = 1\n',
  );
  expect(stdout).toContain('lib-profile-release = "wasm-release"');
});

it('after Ctrl-C ends what it began, and removes what was built', async () => {
  const { project, control } = await sizesProject();
  await writeFile(join(control, 'hang'), '');
  const { child, ended } = start(project);
  await waitUntil('the first build', async () =>
    (await readFile(join(control, 'calls'), 'utf8')).includes('--profile=release'),
  );
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  expect(code, stderr).toBe(0);
  expect(stderr).toContain('ended before anything was measured');
  expect(existsSync(project.path('target/leptos-fast/sizes'))).toBe(false);
});
