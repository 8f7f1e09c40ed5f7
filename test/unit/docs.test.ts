import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/commands/commands.js';
import { ERROR_CODES } from '../../src/core/errors.js';
import { REPO } from '../support/dist.js';
import { blocksOf, commandsOf, DOCS, readDocs } from '../support/docs.js';

const LANGUAGES = ['sh', 'text', 'toml', 'json', 'yaml', 'rust', 'html', 'sql', 'promql'];

describe.each(DOCS)('%s', (file) => {
  const text = readDocs(file);

  it('says of each block what it is', () => {
    expect(blocksOf(file).filter(({ language }) => !LANGUAGES.includes(language))).toEqual([]);
  });

  it('has links that lead somewhere', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
    const broken = links
      .filter((link) => !/^https?:/.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? file : join(dirname(file), path);
        if (!existsSync(join(REPO, target))) return true;
        return anchor !== undefined && !anchorsOf(readDocs(target)).includes(anchor);
      });
    expect(broken).toEqual([]);
  });

  it('names only commands and flags that there are', () => {
    const inline = [...text.matchAll(/`(leptos-fast [^`\n]+)`/g)].map((match) => match[1] ?? '');
    const typed = blocksOf(file)
      .filter(({ language }) => language === 'sh')
      .flatMap(commandsOf);
    const unknown = [...inline, ...typed].filter((command) => !isKnown(command));
    expect(unknown).toEqual([]);
  });
});

describe('docs/troubleshooting.md', () => {
  it('has an entry for every error code, and none for others', () => {
    const entries = [...readDocs('docs/troubleshooting.md').matchAll(/^### (LF\d+): (.+)$/gm)];
    expect(Object.fromEntries(entries.map(([, code, meaning]) => [code, meaning]))).toEqual(ERROR_CODES);
    expect(entries.map(([, code]) => code)).toEqual(Object.keys(ERROR_CODES).toSorted());
  });
});

/** The anchors that GitHub makes of headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

/** True unless it calls leptos-fast with a command or a flag that `--help` does not know. */
function isKnown(command: string): boolean {
  const call = /(?:^|[\s;&|])leptos-fast (\S+)([^;&|]*)/.exec(command);
  const [, name = '', rest = ''] = call ?? [];
  if (call === null || /^(COMMAND|--help|--version)/.test(name)) return true;
  const help = COMMANDS.find((candidate) => candidate.help.name === name)?.help;
  const own = rest.split(/\s--\s/)[0] ?? '';
  const flags = own.match(/(?<=\s)--[a-z-]+/g) ?? [];
  const known = help?.options.flatMap(([option]) => option.match(/--[a-z-]+/g) ?? []) ?? [];
  return help !== undefined && flags.every((flag) => flag === '--help' || known.includes(flag));
}
