import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parser } from 'typescript-eslint';
import { expect, it } from 'vitest';
import { root } from './support/package.ts';

/** The language itself, as in each host with ES2022. */
const LANGUAGE = ['Array', 'Boolean', 'Date', 'Error', 'Infinity', 'JSON', 'Map', 'Math', 'NaN', 'Number', 'Object', 'Promise', 'Reflect', 'RegExp', 'Set', 'String', 'Symbol', 'TypeError', 'Uint8Array', 'WeakMap', 'WeakSet', 'undefined', 'isNaN'];

/** What each host has that has `fetch`, React Native included. */
const FETCH = ['AbortController', 'Headers', 'Request', 'URL', 'URLSearchParams'];

/** Everything else that the code uses, and the only files that may use it. Each of them checks first, or is for a browser. */
const GUARDED: Readonly<Record<string, readonly string[]>> = {
  globalThis: ['core/platform/browser-platform.ts', 'core/platform/page-cookie.ts', 'core/session-activity.ts', 'core/storage/area-text.ts', 'core/storage/encrypted.ts', 'core/storage/indexed-db.ts', 'core/watch-server.ts'],
  performance: ['core/platform/browser-platform.ts'],
  setTimeout: ['core/platform/browser-platform.ts'],
  clearTimeout: ['core/platform/browser-platform.ts'],
  decodeURIComponent: ['core/in-cookie.ts'],
  console: ['core/platform/browser-platform.ts'],
  BroadcastChannel: ['core/platform/browser-platform.ts'],
  Uint32Array: ['core/platform/browser-platform.ts'],
  IDBFactory: ['core/storage/default-storage.ts'],
  TextDecoder: ['core/request/rejection.ts', 'core/storage/cipher.ts'],
  TextEncoder: ['core/storage/cipher.ts'],
  atob: ['core/storage/base64url.ts'],
  btoa: ['core/storage/base64url.ts'],
  WeakRef: ['query/cache-history.ts'],
  FinalizationRegistry: ['query/cache-history.ts'],
};

interface Reference {
  readonly isValueReference: boolean;
  readonly identifier: { readonly name: string; readonly range: readonly [number, number] };
}

/** The parser's own types do not describe its second argument and its result. */
const parse = parser.parseForESLint as (code: string, options: object) => { readonly scopeManager: { readonly globalScope: { readonly through: readonly Reference[] } } };

/** The globals that a file uses as values. A type such as `typeof globalThis.fetch` is none. */
function globalsOf(file: string): string[] {
  const code = readFileSync(resolve(root, 'src', file), 'utf8');
  const { scopeManager } = parse(code, { sourceType: 'module', range: true, lib: [], ecmaFeatures: { jsx: file.endsWith('x') } });
  const isType = ({ identifier }: Reference) => /\btypeof $/.test(code.slice(0, identifier.range[0])) && code.startsWith('.', identifier.range[1]);
  return scopeManager.globalScope.through.filter((reference) => reference.isValueReference && !isType(reference)).map(({ identifier }) => identifier.name);
}

const filesIn = (...folders: readonly string[]) => execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...folders], { cwd: resolve(root, 'src'), encoding: 'utf8' }).split('\n').filter((file) => /\.tsx?$/.test(file));

const files = filesIn('core', 'protocols', 'apis', 'react', 'query');

/** What Node 20, Bun, Deno and workers have beside that. */
const SERVER = ['ReadableStream', 'Response', 'TextDecoderStream', 'TextEncoder', 'WeakRef', 'decodeURIComponent', 'globalThis'];

it('the package uses no global that a host may lack, except where it checks for it', () => {
  const used = new Map<string, Set<string>>();
  for (const file of files) for (const name of globalsOf(file)) if (![...LANGUAGE, ...FETCH].includes(name)) used.set(name, (used.get(name) ?? new Set()).add(file));
  expect(Object.fromEntries([...used].map(([name, by]) => [name, [...by].sort()]))).toEqual(GUARDED);
});

it('the package calls no function of `URL` or `AbortSignal` that React Native lacks', () => {
  const found = files.filter((file) => /\bURL\.canParse\(|\.throwIfAborted\(|AbortSignal\.(any|timeout|abort)\(|\bstructuredClone\(/.test(readFileSync(resolve(root, 'src', file), 'utf8').replace(/^ *\/?\*.*$/gm, ''))); // Without docstrings.
  expect(found).toEqual([]);
});

it('the server entries use only globals that each web-standard runtime has, and no module of Node outside the store in a file', () => {
  const server = filesIn('server').filter((file) => !file.startsWith('server/file'));
  const known = [...LANGUAGE, ...FETCH, ...SERVER];
  expect(server.length).toBeGreaterThan(15);
  expect(server.flatMap((file) => globalsOf(file).filter((name) => !known.includes(name)).map((name) => `${file}: ${name}`))).toEqual([]);
  expect(server.filter((file) => /from 'node:/.test(readFileSync(resolve(root, 'src', file), 'utf8')))).toEqual([]);
});
