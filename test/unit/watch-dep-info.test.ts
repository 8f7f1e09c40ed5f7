import { describe, expect, it } from 'vitest';
import { BuildInputs } from '../../src/watch/classify.js';
import { parseDepInfo } from '../../src/watch/dep-info.js';

describe('dep-info', () => {
  it('names what a rule depends on', () => {
    expect(parseDepInfo('/t/app: /p/src/lib.rs /p/data.json\n')).toEqual(['/p/src/lib.rs', '/p/data.json']);
  });

  it('unescapes spaces in names', () => {
    expect(parseDepInfo('/t/my\\ app: /my\\ app/src/a\\ b.rs /x.rs')).toEqual(['/my app/src/a b.rs', '/x.rs']);
  });

  it('reads Windows paths: a drive letter is no target', () => {
    expect(parseDepInfo('C:\\t\\app.exe: C:\\p\\src\\lib.rs')).toHaveLength(1);
  });

  it('names a file once, of however many rules, and nothing for an empty rule or text', () => {
    expect(parseDepInfo('a: /x.rs /y.rs\nb: /x.rs\n\n/x.rs:\n')).toEqual(['/x.rs', '/y.rs']);
    expect(parseDepInfo('')).toEqual([]);
  });
});

describe('what builds were made from', () => {
  it('tells the sides that read a file, by their last build', () => {
    const inputs = new BuildInputs();
    inputs.set('front', ['/lib.rs', '/old.txt']);
    inputs.set('server', ['/lib.rs', '/main.rs']);
    inputs.set('front', ['/lib.rs']);
    expect(inputs.sidesOf('/lib.rs')).toEqual(['front', 'server']);
    expect(inputs.sidesOf('/main.rs')).toEqual(['server']);
    expect(inputs.sidesOf('/old.txt')).toEqual([]);
  });
});
