import { beforeAll, describe, expect, it } from 'vitest';
import { compareRust, type FileVerdict } from '../../src/plan/compare-rust.js';
import { RustOutliner } from '../../src/plan/rust-outline.js';
import type { SideContext } from '../../src/plan/side-view.js';

const FRONT: SideContext = {
  compilations: [{ features: new Set(['hydrate']), isWasm: true }],
  dropsServerBodies: true,
};
const SERVER: SideContext = {
  compilations: [
    { features: new Set(['ssr']), isWasm: false },
    { features: new Set(['ssr', 'default']), isWasm: false },
  ],
  dropsServerBodies: false,
};

let outliner: RustOutliner;
beforeAll(async () => {
  outliner = await RustOutliner.load();
});

interface Verdicts {
  readonly front: FileVerdict['kind'];
  readonly server: FileVerdict['kind'];
}

function compare(before: string, after: string, skipComments = true): Verdicts {
  const kind = (context: SideContext): FileVerdict['kind'] =>
    compareRust(outliner, before, after, context, { skipComments }).kind;
  return { front: kind(FRONT), server: kind(SERVER) };
}

/** What becomes of `template` when `from` in it becomes `to`. */
function edit(template: string, from: string, to: string): Verdicts {
  expect(template).toContain(from);
  return compare(template, template.replace(from, to));
}

const BOTH: Verdicts = { front: 'changed', server: 'changed' };
const COMMENTS: Verdicts = { front: 'comments', server: 'comments' };
const ONLY_SERVER: Verdicts = { front: 'elsewhere', server: 'changed' };
const ONLY_FRONT: Verdicts = { front: 'changed', server: 'elsewhere' };

const API = `//! API
use leptos::prelude::*;

/// Saves.
#[server(name = SaveItem, endpoint = "save")]
#[middleware(Layer)]
pub async fn save(#[server(default)] name: String) -> Result<u32, ServerFnError> {
    use crate::db;
    let id = db::insert(&name).await?; // the new one
    Ok(id)
}

pub fn shared() -> u32 { 1 }
`;

describe('server functions', () => {
  it('keeps a body from the front, with all that is declared in it', () => {
    expect(edit(API, 'db::insert', 'db::upsert')).toEqual(ONLY_SERVER);
    expect(edit(API, 'Ok(id)', 'struct A; impl Clone for A { fn clone(&self) -> A { A } }\n\n Ok(id)')).toEqual(
      ONLY_SERVER,
    );
    expect(edit(API, 'Ok(id)', 'Ok(line!())')).toEqual(ONLY_SERVER);
  });

  it('names the functions', () => {
    const verdict = compareRust(outliner, API, API.replace('db::insert', 'db::upsert'), FRONT, { skipComments: true });
    expect(verdict).toEqual({ kind: 'elsewhere', parts: [{ kind: 'server body', name: 'save' }] });
  });

  it('builds both sides for whatever is around the body', () => {
    expect(edit(API, 'name: String', 'title: String')).toEqual(BOTH);
    expect(edit(API, 'Result<u32', 'Result<u64')).toEqual(BOTH);
    expect(edit(API, '"save"', '"store"')).toEqual(BOTH);
    expect(edit(API, 'Layer', 'Other')).toEqual(BOTH);
    expect(edit(API, '#[server(default)] ', '')).toEqual(BOTH);
    expect(edit(API, '{ 1 }', '{ 2 }')).toEqual(BOTH);
    expect(edit(API, 'async fn save', 'async fn keep')).toEqual(BOTH);
    expect(edit(API, 'pub async fn save', '#[foo]\npub async fn save')).toEqual(BOTH);
  });

  it('trusts no macro that sees the body before #[server] does', () => {
    const early = API.replace('#[server(name', '#[instrument]\n#[server(name');
    expect(edit(early, 'db::insert', 'db::upsert')).toEqual(BOTH);
    const late = API.replace('#[middleware(Layer)]', '#[instrument]');
    expect(edit(late, 'db::insert', 'db::upsert')).toEqual(ONLY_SERVER);
    const unknown = `#[reads_all]\nmod api {\n${API.replace('//! API', '')}\n}\n`;
    expect(edit(unknown, 'db::insert', 'db::upsert')).toEqual(BOTH);
    expect(edit(`some! {\n${API.replace('//! API', '')}\n}\n`, 'db::insert', 'db::upsert')).toEqual(BOTH);
  });

  it('takes only the #[server] of Leptos for it', () => {
    const body = ['db::insert', 'db::upsert'] as const;
    expect(edit(API.replace('use leptos::prelude::*;', ''), ...body)).toEqual(BOTH);
    expect(edit(API.replace('use leptos::prelude::*;', 'use dioxus::prelude::*;'), ...body)).toEqual(BOTH);
    expect(
      edit(API.replace('use leptos::prelude::*;', 'use leptos::prelude::*;\nuse other::{a, server};'), ...body),
    ).toEqual(BOTH);
    expect(edit(API.replace('prelude::*;', 'prelude::*;\nuse other::magic as server;'), ...body)).toEqual(BOTH);
    expect(edit(API.replace('prelude::*', '{prelude::{server, ServerFnError}, form::*}'), ...body)).toEqual(
      ONLY_SERVER,
    );
    expect(
      edit(API.replace('leptos::prelude::*', 'serde::*').replace('#[server(name', '#[leptos::server(name'), ...body),
    ).toEqual(ONLY_SERVER);
    const nested = `use leptos::prelude::*;\nmod api {\n  use super::*;\n${API.replace('//! API\nuse leptos::prelude::*;', '')}}\n`;
    expect(edit(nested, ...body)).toEqual(ONLY_SERVER);
    expect(edit(nested.replace('use super::*;', ''), ...body)).toEqual(BOTH);
  });

  it('keeps bodies where the front compiles them', () => {
    const after = API.replace('db::insert', 'db::upsert');
    const context = { ...FRONT, dropsServerBodies: false };
    expect(compareRust(outliner, API, after, context, { skipComments: true }).kind).toBe('changed');
  });
});

describe('cfg', () => {
  const items = `
#[cfg(feature = "ssr")]
pub mod db { pub fn open() -> u8 { 1 } }
/// Starts.
#[cfg(all(feature = "hydrate", not(test)))]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() { mount(2); }
#[derive(Clone)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow), sqlx(rename = "r"))]
pub struct Row { #[cfg(feature = "ssr")] pub secret: u8, pub id: u32 }
#[cfg(any(feature = "ssr", feature = "hydrate"))]
pub fn either() -> u8 { 3 }
#[cfg(debug_assertions)]
pub fn debug() -> u8 { 4 }
pub fn shared() {
    #[cfg(feature = "ssr")]
    log(5);
    #[cfg(not(feature = "ssr"))]
    { log(6); }
    log(7);
}
#[cfg(test)]
mod tests { fn t() { assert_eq!(8, 8) } }
`;

  it('builds the one side that has an item', () => {
    expect(edit(items, '{ 1 }', '{ 10 }')).toEqual(ONLY_SERVER);
    expect(edit(items, 'mount(2)', 'mount(20)')).toEqual(ONLY_FRONT);
    expect(edit(items, 'rename = "r"', 'rename = "s"')).toEqual(ONLY_SERVER);
    expect(edit(items, 'secret: u8', 'secret: u16')).toEqual(ONLY_SERVER);
    expect(edit(items, 'log(5)', 'log(50)')).toEqual(ONLY_SERVER);
    expect(edit(items, 'log(6)', 'log(60)')).toEqual(ONLY_FRONT);
    expect(edit(items, 'assert_eq!(8, 8)', 'assert_eq!(8, 9)')).toEqual({ front: 'elsewhere', server: 'elsewhere' });
  });

  it('builds both for what both have, and what cannot be told', () => {
    expect(edit(items, '{ 3 }', '{ 30 }')).toEqual(BOTH);
    expect(edit(items, '{ 4 }', '{ 40 }')).toEqual(BOTH);
    expect(edit(items, 'log(7)', 'log(70)')).toEqual(BOTH);
    expect(edit(items, 'id: u32', 'id: u64')).toEqual(BOTH);
    expect(edit(items, '#[cfg(feature = "ssr")]\npub mod', 'pub mod')).toEqual({ front: 'changed', server: 'changed' });
  });

  it('takes an item away that is new, gone or moved to the other side', () => {
    expect(compare(items, `${items}\n#[cfg(feature = "ssr")]\nuse axum::Router;\n`)).toEqual(ONLY_SERVER);
    expect(edit(items, '#[cfg(feature = "ssr")]\npub mod', '#[cfg(feature = "hydrate")]\npub mod')).toEqual(BOTH);
  });

  it('does not believe a cfg that an unknown macro sees first', () => {
    const early = '#[unknown]\n#[cfg(feature = "ssr")]\nfn a() -> u8 { 1 }\n';
    expect(edit(early, '{ 1 }', '{ 2 }')).toEqual(BOTH);
    const inside = '#[unknown]\nfn a() {\n#[cfg(feature = "ssr")]\nlog(1);\n}\n';
    expect(edit(inside, 'log(1)', 'log(2)')).toEqual(BOTH);
    const component = 'use leptos::prelude::*;\n#[component]\nfn A() {\n#[cfg(feature = "ssr")]\nlog(1);\n}\n';
    expect(edit(component, 'log(1)', 'log(2)')).toEqual(ONLY_SERVER);
    const island = component.replace('#[component]', '#[island]');
    expect(edit(island, 'log(1)', 'log(2)')).toEqual(BOTH);
  });

  it('reads a cfg at the head of a file', () => {
    expect(edit('#![cfg(feature = "ssr")]\npub fn a() -> u8 { 1 }\n', '1', '2')).toEqual(ONLY_SERVER);
  });

  it('reads cfg_if', () => {
    const text = `cfg_if::cfg_if! {
      if #[cfg(feature = "ssr")] { fn a() -> u8 { 1 } }
      else if #[cfg(feature = "hydrate")] { fn a() -> u8 { 2 } }
      else { fn a() -> u8 { 3 } }
    }`;
    expect(edit(text, '{ 1 }', '{ 10 }')).toEqual(ONLY_SERVER);
    expect(edit(text, '{ 2 }', '{ 20 }')).toEqual(ONLY_FRONT);
    expect(edit(text, '{ 3 }', '{ 30 }')).toEqual({ front: 'elsewhere', server: 'elsewhere' });
    expect(edit(text, 'else if #[cfg(feature = "hydrate")]', 'else if #[cfg(unix)]')).toEqual(BOTH);
    expect(edit(text.replace('cfg_if::cfg_if!', 'mine!'), '{ 1 }', '{ 10 }')).toEqual(BOTH);
  });

  it('takes nothing away where the features are not known, or differ between compilations', () => {
    const after = items.replace('{ 1 }', '{ 10 }');
    const verdict = (context: SideContext) => compareRust(outliner, items, after, context, { skipComments: true }).kind;
    expect(verdict({ compilations: [], dropsServerBodies: false })).toBe('changed');
    const both = [...FRONT.compilations, ...SERVER.compilations];
    expect(verdict({ compilations: both, dropsServerBodies: false })).toBe('changed');
  });
});

describe('comments and white space', () => {
  const text = `use leptos::prelude::*;
/// Shows a name.
#[component]
fn Name(/// its text
 name: String) -> impl IntoView {
    // plain
    let longer = name + "// no comment";
    view! {
        // in markup
        <p class="a">"x" {longer}</p>
        <b>raw text</b>
    }
}
#[derive(Clone, clap::Parser)]
struct Args { /** in its help */ port: u16 }
macro_rules! m { ($a:tt) => { stringify!($a) } }
fn code(a: u32, b: u32) -> bool { a < b }
`;

  it('skips what only people read', () => {
    expect(edit(text, '// plain', '// other\n\n\n  /* a /* nested */ one */')).toEqual(COMMENTS);
    expect(edit(text, '/// Shows a name.', '/// Tells.\n/// More.')).toEqual(COMMENTS);
    expect(edit(text, '/// Shows a name.\n', '')).toEqual(COMMENTS);
    expect(edit(text, '        // in markup\n', '')).toEqual(COMMENTS);
    expect(edit(text, 'a: u32, b: u32) -> bool {', '\n  a : u32,b: u32\n) -> bool\n{')).toEqual(COMMENTS);
    expect(compare(text, `\uFEFF${text.replaceAll('\n', '\r\n')}`)).toEqual(COMMENTS);
  });

  it('builds for what a macro or the program may read', () => {
    expect(edit(text, '// no comment', '// a comment')).toEqual(BOTH);
    expect(edit(text, '/// its text', '/// its name')).toEqual(BOTH);
    expect(edit(text, '/** in its help */', '/** told */')).toEqual(BOTH);
    expect(edit(text, 'raw text', 'raw  text')).toEqual(BOTH);
    expect(edit(text, 'raw text', 'raw /* x */ text')).toEqual(BOTH);
    expect(edit(text, '"x" {longer}', '"x " {longer}')).toEqual(BOTH);
    expect(edit(text, 'stringify!($a)', 'stringify!( $a)')).toEqual(BOTH);
    expect(edit(text, 'a < b', 'a <= b')).toEqual(BOTH);
    expect(edit(text, 'fn code', 'fn\tcode')).toEqual(COMMENTS);
    expect(compare('fn a() { x!(a b) }', 'fn a() { x!(a  b) }')).toEqual(BOTH);
    expect(compare('fn a() { let x = 1. 0; }', 'fn a() { let x = 1.0; }').front).toBe('changed');
    expect(compare('#[inline] fn a() {} fn b() {}', 'fn a() {} #[inline] fn b() {}')).toEqual(BOTH);
    expect(compare('fn a() {} fn b() {}', 'fn b() {} fn a() {}')).toEqual(BOTH);
  });

  it('keeps doc comments where rustc or a macro would see them', () => {
    expect(compare('fn a() { 1 }', 'fn a() { 1 /** x */ }')).toEqual(BOTH);
    expect(compare('fn a() { let b = 1; }', 'fn a() { let /** x */ b = 1; }')).toEqual(BOTH);
    expect(compare('fn a() { b + 1 }', 'fn a() { /** x */ b + 1 }')).toEqual(BOTH);
    expect(compare('struct A { b: u8 }', 'struct A { /** x */ b: u8 }')).toEqual(COMMENTS);
    expect(compare('struct A { b: u8 }', 'struct A { b: u8, /** x */ }')).toEqual(BOTH);
    expect(compare('enum A { B { c: u8 }, D }', 'enum A { B { /** x */ c: u8 }, /// y\n D }')).toEqual(COMMENTS);
    expect(compare('m! { fn a() {} }', 'm! { /// x\n fn a() {} }')).toEqual(BOTH);
  });

  it('sees in an island what its name in the page is made of', () => {
    const island = 'use leptos::prelude::*;\n#[island]\nfn A() -> impl IntoView { b (1) }\n';
    expect(edit(island, 'b (1)', 'b   /* x */ (1)')).toEqual(COMMENTS);
    expect(edit(island, 'b (1)', 'b(1)')).toEqual(BOTH);
    expect(edit(island, '#[island]', '/// Doc.\n#[island]')).toEqual(BOTH);
  });

  it('counts characters as the grammar does', () => {
    const text = `// äöü 🦀🦀🦀\n${API}`;
    expect(edit(text, 'db::insert', 'db::upsert')).toEqual(ONLY_SERVER);
    expect(edit(text, 'name: String', 'nome: String')).toEqual(BOTH);
    expect(edit(text, '{ 1 }', '{ 2 }')).toEqual(BOTH);
  });

  it('counts lines where code knows its line', () => {
    expect(compare('fn a() -> u32 { line!() }', '// x\nfn a() -> u32 { line!() }')).toEqual(BOTH);
    expect(compare('#[lazy] fn a() {}', '// x\n#[lazy] fn a() {}')).toEqual(BOTH);
    expect(compare('fn a() { Location::caller(); }', '\nfn a() { Location::caller(); }')).toEqual(BOTH);
    expect(compare('fn a() { line() }', '\nfn a() { line() }')).toEqual(COMMENTS);
    expect(edit(`${API}\n#[lazy]\nfn later() {}\n`, 'db::insert', 'db::upsert')).toEqual(BOTH);
  });

  it('builds for comments when it is told to, and where a skipped part moves lines', () => {
    expect(compare(text, text.replace('// plain', '// other'), false)).toEqual(BOTH);
    expect(compare(API, API.replace('db::insert', 'db::upsert'), false)).toEqual(ONLY_SERVER);
    expect(compare(API, API.replace('Ok(id)', '\nOk(id)'), false)).toEqual(BOTH);
  });

  it('builds for what does not parse', () => {
    expect(compare('fn a() {', 'fn a() { // x')).toEqual(BOTH);
    expect(compare(API, API)).toEqual({ front: 'same', server: 'same' });
  });
});
