import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InsertIntoHead } from '../../src/serve/html-head.js';

const MARK = '\u00a7';

interface Outcome {
  /** The document with § where something was put in; latin1, one character a byte. */
  readonly text: string;
  readonly missed: boolean;
  /** What had come out after each chunk that went in. */
  readonly after: readonly string[];
}

/** Sends the chunks through. The result is there at once: nothing in it waits. */
function insert(chunks: readonly string[]): Outcome {
  let [text, missed] = ['', false];
  const after: string[] = [];
  const stream = new InsertIntoHead(
    () => MARK,
    () => {
      missed = true;
    },
  );
  const read = (): void => {
    text += ((stream.read() as Buffer | null) ?? Buffer.alloc(0)).toString('latin1');
  };
  for (const chunk of chunks) {
    stream.write(Buffer.from(chunk, 'latin1'));
    read();
    after.push(text);
  }
  stream.end();
  read();
  return { text, missed, after };
}

/** Documents with § at the place where the script belongs. */
const PLACES = [
  '<!DOCTYPE html><html lang="en"><head>§<meta charset="utf-8"></head><body></body></html>',
  '<!doctype html>\n<!-- <head> -->\n<HTML>\n<HeAd>§<title>x</title>',
  '<html><head data-a="1 > 0" data-b=\'<head>\' c=a"b>§<title>',
  '<html data-x="<head>" data-y=\'>\'><head\n\tid=x/>§<p>',
  '<head/>§x',
  "<head a'b>§'><p>",
  '<head a = "x>y" b="">§',
  '<head ="x>§y">',
  '<html><!-- a -- b - > --!><head>§',
  '<!--><head>§-->',
  '<!---><head>§-->',
  '<!----><head>§',
  '<!--!><head>--><head>§',
  '<!><?xml version="1.0"?><html><head>§',
  '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html><head>§',
  '\xef\xbb\xbf<!doctype html><head>§',
  '\xef\xbb\xbf§text',
  '§\xef\xbbtext',
  '§\xff text',
  // No head: in front of what would begin it.
  '<!doctype html><html>§<body><p>x',
  '<!doctype html>§<title>x</title><p>',
  '<!doctype html>§<header>x</header>',
  '<html>§<headline><head>',
  '§<htmlx><head>',
  '<html>\n  §Hello <b>you</b>',
  '§<p>x</p>',
  '§</p><head>',
  '§< p>',
  '§<><head>',
  '<!doctype html><html>§</html>',
  // Nothing at all: at the end.
  '<!doctype html><html>\n§',
  '<html>§<he',
  '§',
];

describe('the place of the script', () => {
  it.each(PLACES)('%j', (document) => {
    const { text, missed } = insert([document.replace('§', '')]);
    expect(text).toBe(document);
    expect(missed).toBe(false);
  });

  it('is the same wherever the document is cut in two', () => {
    for (const document of PLACES) {
      const plain = document.replace('§', '');
      for (let at = 0; at <= plain.length; at += 1) {
        expect(insert([plain.slice(0, at), plain.slice(at)]).text).toBe(document);
      }
    }
  });

  it('is the same when the document comes byte by byte, or in any chunks', () => {
    for (const document of PLACES) expect(insert([...document.replace('§', '')]).text).toBe(document);
    const chunked = fc.tuple(fc.constantFrom(...PLACES), fc.array(fc.integer({ min: 1, max: 12 })));
    fc.assert(
      fc.property(chunked, ([document, sizes]) => {
        const chunks: string[] = [];
        let rest = document.replace('§', '');
        for (const size of sizes) {
          chunks.push(rest.slice(0, size));
          rest = rest.slice(size);
        }
        expect(insert([...chunks, rest]).text).toBe(document);
      }),
    );
  });

  it('of any text is one, and nothing else changes', () => {
    const bits = fc.constantFrom('<', '>', '!', '-', '--', '/', '"', "'", '=', ' ', 'head', 'html', 'p', 'a', '\xe4');
    fc.assert(
      fc.property(fc.array(bits), (parts) => {
        const { text, missed } = insert(parts);
        expect(text.replace(MARK, '')).toBe(parts.join(''));
        expect(text.includes(MARK)).toBe(!missed);
      }),
    );
  });
});

describe('what has come', () => {
  it('goes on at once, but for the beginning of a tag', () => {
    const chunks = ['<!doctype html><!-- long', ' comment --><html', '>', '<', 'he', 'ad', '>', '<title>'];
    const head = '<!doctype html><!-- long comment --><html>';
    expect(insert(chunks).after).toEqual([
      '<!doctype html><!-- long',
      '<!doctype html><!-- long comment -->',
      head,
      head,
      head,
      head,
      `${head}<head>§`,
      `${head}<head>§<title>`,
    ]);
  });

  it('decides with the first letter that fits neither html nor head', () => {
    expect(insert(['<b']).after).toEqual(['§<b']);
    expect(insert(['<heb']).after).toEqual(['§<heb']);
  });
});

describe('documents that are left alone', () => {
  it.each(['\xfe\xff\0<\0h\0e\0a\0d\0>', '\xff\xfe<\0h\0e\0a\0d\0>\0'])('UTF-16: %j', (document) => {
    expect(insert([document])).toMatchObject({ text: document, missed: true });
    expect(insert([...document])).toMatchObject({ text: document, missed: true });
  });

  it.each(['<!-- never closed <head>', '<html lang="never closed <head>', '<!doctype'])('%j', (document) => {
    expect(insert([document])).toMatchObject({ text: document, missed: true });
  });
});

it('what is put in may depend on what follows and is here already', () => {
  const seen: string[] = [];
  const stream = new InsertIntoHead((ahead) => {
    seen.push(ahead.toString('latin1'));
    return '';
  });
  stream.write('<html><he');
  stream.write('ad><meta>');
  stream.write('<title>');
  expect(seen).toEqual(['<meta>']);
});
