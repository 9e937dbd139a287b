// Node 20 runs no TypeScript, so Vite loads the simulation, with one defect if one is requested.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));
const sourceFile = (file) => path(`../../src/${file}`);

async function load(file, alias = [], plugins = []) {
  const { module } = await runnerImport(path(file), { configFile: false, root: path('../..'), logLevel: 'error', resolve: { alias }, plugins });
  return module;
}

/** A module whose id ends in this way has the exports of the original module, except for the exports that a defect replaces. */
const REPLACED = '?replaced';

const withoutQuery = (id) => id.split('?')[0];

/** Creates a Vite plugin that gives a defect's exports to the modules that import them, in place of the original ones. */
function createDefectPlugin({ name, replacements }) {
  const imported = new Set();

  const replacementsFor = (importer, id) =>
    replacements.filter(({ file, importedBy }) => sourceFile(file) === id && (importedBy === undefined || sourceFile(importedBy) === importer));

  return {
    name: `defect:${name}`,
    enforce: 'pre',
    async resolveId(source, importer, options) {
      if (importer === undefined || importer.endsWith(REPLACED)) return null;
      const resolved = await this.resolve(source, importer, { ...options, skipSelf: true });
      const applying = resolved ? replacementsFor(withoutQuery(importer), resolved.id) : [];
      if (applying.length === 0) return null;
      for (const replacement of applying) imported.add(replacement);
      return resolved.id + REPLACED;
    },
    load(id) {
      if (!id.endsWith(REPLACED)) return null;
      const original = JSON.stringify(withoutQuery(id));
      const own = replacements.filter(({ file }) => sourceFile(file) === withoutQuery(id));
      return [
        `import * as original from ${original};`,
        `import { replacedExport } from ${JSON.stringify(path('./defects.ts'))};`,
        `export * from ${original};`,
        ...own.map(({ file, exported }) => `export const ${exported} = replacedExport(${JSON.stringify(name)}, ${JSON.stringify(file)}, ${JSON.stringify(exported)}, original);`),
      ].join('\n');
    },
    /** Throws if nothing imports a module whose export the defect replaces, so that no defect goes stale unnoticed. */
    checkImported() {
      for (const replacement of replacements) {
        const { file, importedBy = 'any module' } = replacement;
        if (!imported.has(replacement)) throw new Error(`The defect "${name}" does not apply: src/${file} is not imported by ${importedBy}.`);
      }
    },
  };
}

/** Loads the list of deliberate defects. */
export async function loadDefects() {
  return (await load('./defects.ts')).DEFECTS;
}

/** Loads the simulation, with the defect of that name if there is one. */
export function loadSimulation(defectName) {
  return loadWithDefect('./run-world.ts', defectName);
}

/** Loads a module, by its path from this folder, with the defect of that name if there is one. */
export async function loadWithDefect(file, defectName) {
  const { sourceAlias } = await load('../../source-alias.ts');
  const defect = defectName && (await loadDefects()).find(({ name }) => name === defectName);
  if (defectName && !defect) throw new Error(`There is no defect named "${defectName}".`);
  const plugin = defect && createDefectPlugin(defect);
  const loaded = await load(file, sourceAlias, plugin ? [plugin] : []);
  plugin?.checkImported();
  return loaded;
}
