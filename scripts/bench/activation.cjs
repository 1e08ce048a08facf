/**
 * A process that does what VS Code does with the extension: loads the bundle that is named, and calls `activate`, with
 * something in the place of VS Code's interface that takes every call. Prints the milliseconds until the extension host is
 * free again: what follows waits for the editor's answers.
 */
const Module = require('node:module');

const NO_ITEMS = () => [][Symbol.iterator]();

/** Stands for any part of the interface: can be called, constructed, extended and gone through. */
const anything = new Proxy(function anything() {}, {
  get(target, name) {
    if (name === 'then') return undefined;
    if (name === Symbol.iterator) return NO_ITEMS;
    if (name === Symbol.toPrimitive) return () => '';
    return name === 'prototype' ? Reflect.get(target, name) : anything;
  },
  set: () => true,
  apply: () => anything,
  construct: () => anything,
});

const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? anything : load(name, ...rest));

const start = performance.now();
const { activate } = require(process.argv[2]);
const loaded = performance.now();
activate({ subscriptions: [], globalState: anything, extensionUri: anything });
const called = performance.now();
console.log(JSON.stringify({ load: loaded - start, activate: called - loaded }));
process.exit(0);
