import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

interface Example {
  readonly name: string;
  readonly code: string;
}

function examplesIn(file: string): Example[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/^ *\* ?/gm, (mark) => (file.endsWith('.md') ? mark : ''));
  return [...text.matchAll(/^ *```(tsx?)\n([\s\S]*?)^ *```/gm)].map(([, language, code], index) => ({
    name: join(root, 'test/package', `${file.replaceAll('/', '-')}-${index + 1}.${language}`),
    code: `${code}\nexport {};\n`,
  }));
}

function problemsOf(examples: Example[]): string[] {
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config, ts.sys, root);
  const loose = { ...options, noUnusedLocals: false, noUnusedParameters: false };
  const host = ts.createCompilerHost(loose);
  const codes = new Map(examples.map(({ name, code }) => [name, code]));
  const { readFile, fileExists } = host;
  host.fileExists = (name) => codes.has(name) || fileExists(name);
  host.readFile = (name) => codes.get(name) ?? readFile(name);
  host.getSourceFile = (name, target) => {
    const text = host.readFile(name);
    return text === undefined ? undefined : ts.createSourceFile(name, text, target);
  };
  const program = ts.createProgram([...codes.keys()], loose, host);
  return ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file && codes.has(file.fileName))
    .map(({ file, messageText }) => `${file?.fileName.slice(dirname(file.fileName).length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}

it('compiles every example of the README and of the docstrings', () => {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file));
  const files = ['README.md', ...sources.map((file) => join('src', file))];
  const examples = files.flatMap(examplesIn);
  expect(examples.length).toBeGreaterThan(10);
  expect(problemsOf(examples)).toEqual([]);
}, 60_000);

it('would notice an example that does not compile', () => {
  const wrong = { name: join(root, 'test/package/wrong.ts'), code: "import { createAuthClient } from 'unexpired/core';\ncreateAuthClient({ nonsense: true });\nexport {};\n" };
  expect(problemsOf([wrong])).toHaveLength(1);
}, 60_000);
