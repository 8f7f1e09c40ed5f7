#!/usr/bin/env node
// Old Node versions fail on our syntax or our libraries with a riddle, so they are told here, before anything loads.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`error[LF014]: leptos-fast needs Node.js 20.19 or newer, this is ${process.versions.node}`);
  console.error('help: install a current Node.js: https://nodejs.org');
  process.exitCode = 3;
} else {
  await import('../dist/cli.js');
}
