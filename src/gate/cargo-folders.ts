import { join } from 'node:path';

/**
 * The folders in which a `cargo build` call keeps what it built, as doc.rust-lang.org/cargo/guide/build-cache.html tells:
 * `<target dir>/<triple>/<profile>` for the side itself, `<target dir>/<profile>` for build scripts and proc macros. One
 * and the same where the call names no target.
 */
export function cargoFolders(args: readonly string[], defaultTargetDir: string): { target: string; host: string } {
  const profile = option(args, 'profile') ?? 'dev';
  // `dev` and `test` build into `debug`.
  const folder = profile === 'dev' || profile === 'test' ? 'debug' : profile;
  const targetDir = option(args, 'target-dir') ?? defaultTargetDir;
  return { target: join(targetDir, option(args, 'target') ?? '', folder), host: join(targetDir, folder) };
}

function option(args: readonly string[], name: string): string | undefined {
  const start = `--${name}=`;
  return args.find((arg) => arg.startsWith(start))?.slice(start.length);
}
