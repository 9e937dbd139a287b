import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type TypeScript from 'typescript';
import { describe, expect, it } from 'vitest';
import { patience } from '../../support/pace.ts';
import { root } from '../support/package.ts';

const VERSIONS = ['typescript-5.4', 'typescript-5.9', 'typescript'] as const;
const dist = join(root, 'dist');
const load = async (version: string) => ((await import(version)) as { default: typeof TypeScript }).default;

const declarations = () => readdirSync(dist).filter((file) => file.endsWith('.d.ts')).map((file) => join(dist, file));

/** A user's program that checks all declarations of the package with only the browser's types. */
function programOf(ts: typeof TypeScript, resolution: 'bundler' | 'node16', further: TypeScript.CompilerOptions = {}, files = declarations()): TypeScript.Program {
  return ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    module: resolution === 'node16' ? ts.ModuleKind.Node16 : ts.ModuleKind.ESNext,
    moduleResolution: resolution === 'node16' ? ts.ModuleResolutionKind.Node16 : ts.ModuleResolutionKind.Bundler,
    strict: true,
    exactOptionalPropertyTypes: true,
    types: [],
    noEmit: true,
    ...further,
  });
}

/** The errors in the declarations of the package. */
function problemsOf(ts: typeof TypeScript, program: TypeScript.Program): string[] {
  return program
    .getSourceFiles()
    .filter(({ fileName }) => fileName.startsWith(dist))
    .flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)])
    .map(({ file, messageText }) => `${basename(file?.fileName ?? '')}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}

describe.each(VERSIONS)('under %s', (version) => {
  it.each(['bundler', 'node16'] as const)('the declarations have no error with %s resolution', async (resolution) => {
    const ts = await load(version);
    expect(problemsOf(ts, programOf(ts, resolution))).toEqual([]);
  });
});

it('the declarations for a server need the types of Node only, and none of a browser', async () => {
  const ts = await load('typescript');
  const files = declarations().filter((file) => /^(server|oauth2)/.test(basename(file)));
  expect(files.length).toBeGreaterThan(4);
  const program = programOf(ts, 'node16', { lib: ['lib.es2022.d.ts'], types: ['node'], typeRoots: [join(root, 'node_modules/@types')] }, files);
  expect(problemsOf(ts, program)).toEqual([]);
});

it('under typescript-7.0, which has only a command, the declarations have no error', () => {
  const result = spawnSync(process.execPath, [
    join(root, 'node_modules/typescript-7.0/bin/tsc'),
    ...['--ignoreConfig', '--noEmit', '--strict', '--exactOptionalPropertyTypes', '--pretty', 'false'],
    ...['--target', 'es2022', '--lib', 'es2022,dom,dom.iterable', '--module', 'esnext', '--moduleResolution', 'bundler', '--types', ''],
    ...declarations(),
  ], { cwd: root, encoding: 'utf8', timeout: patience(120_000) });
  if (result.error) throw result.error;
  expect(result.stdout.split('\n').filter((line) => line.startsWith('dist/') || line.startsWith('error'))).toEqual([]);
});

it('the declarations need only these names of a browser’s types', async () => {
  const ts = await load('typescript');
  const program = programOf(ts, 'bundler');
  const checker = program.getTypeChecker();
  const names = new Set<string>();
  const visit = (node: TypeScript.Node): void => {
    if (ts.isTypeReferenceNode(node)) {
      const declarations = checker.getSymbolAtLocation(node.typeName)?.declarations ?? [];
      if (declarations.some((declared) => program.isSourceFileDefaultLibrary(declared.getSourceFile()))) names.add(node.typeName.getText());
    }
    ts.forEachChild(node, visit);
  };
  for (const file of program.getSourceFiles()) if (file.fileName.startsWith(dist)) visit(file);
  expect([...names].sort()).toMatchInlineSnapshot(`
    [
      "AbortSignal",
      "Event",
      "Omit",
      "Partial",
      "Pick",
      "Promise",
      "PromiseLike",
      "PropertyKey",
      "Readonly",
      "Record",
      "Request",
      "RequestInit",
      "Response",
      "URL",
    ]
  `);
});
