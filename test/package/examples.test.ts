import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const FOREIGN = join(root, 'test/package/support/foreign.d.ts');

interface Example {
  readonly name: string;
  readonly code: string;
}

/** Finds the examples of a file. An example may name its own file, as in ```ts auth.ts, so that other examples of the page can import it. */
function examplesIn(file: string): Example[] {
  const text = readFileSync(join(root, file), 'utf8').replace(/^ *\* ?/gm, (mark) => (/\.mdx?$/.test(file) ? mark : ''));
  return [...text.matchAll(/^ *```(tsx?)(?: (\S+))?\n([\s\S]*?)^ *```/gm)].map(([, language, name, code], index) => ({
    name: join(root, 'test/package', file.replaceAll('/', '-'), name ?? `${index + 1}.${language}`),
    code: `${code}\nexport {};\n`,
  }));
}

/** The files that all examples share, by path. */
const parsed = new Map<string, ts.SourceFile | undefined>();

function problemsOf(examples: Example[]): string[] {
  const { options } = ts.parseJsonConfigFileContent(ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config, ts.sys, root);
  const loose = { ...options, noUnusedLocals: false, noUnusedParameters: false };
  const host = ts.createCompilerHost(loose);
  const codes = new Map(examples.map(({ name, code }) => [name, code]));
  const folders = new Set(examples.map(({ name }) => dirname(name)));
  const { readFile, fileExists, directoryExists } = host;
  host.fileExists = (name) => codes.has(name) || fileExists(name);
  host.directoryExists = (name) => folders.has(name) || (directoryExists?.(name) ?? true);
  host.readFile = (name) => codes.get(name) ?? readFile(name);
  const { getSourceFile } = host;
  host.getSourceFile = (name, target) => {
    const code = codes.get(name);
    if (code !== undefined) return ts.createSourceFile(name, code, target);
    if (!parsed.has(name)) parsed.set(name, getSourceFile(name, target));
    return parsed.get(name);
  };
  const program = ts.createProgram([...codes.keys(), FOREIGN], loose, host);
  return program
    .getSourceFiles()
    .filter(({ fileName }) => codes.has(fileName))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, messageText }) => `${relative(join(root, 'test/package'), file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}

function filesIn(folder: string, ending: RegExp): string[] {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
  return files.filter((file) => ending.test(file)).map((file) => join(folder, file));
}

it('every example of the README, the docstrings and the documentation pages compiles', () => {
  const files = ['README.md', ...filesIn('src', /\.tsx?$/), ...filesIn('storybook', /\.mdx$/)];
  const examples = files.flatMap(examplesIn);
  expect(examples.length).toBeGreaterThan(50);
  expect(problemsOf(examples)).toEqual([]);
});

it('the check of the examples reports an example that does not compile', () => {
  const wrong = { name: join(root, 'test/package/wrong.ts'), code: "import { createAuthClient } from 'unexpired/core';\ncreateAuthClient({ nonsense: true });\nexport {};\n" };
  expect(problemsOf([wrong])).toHaveLength(1);
});
