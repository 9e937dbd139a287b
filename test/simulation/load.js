// Node 20 runs no TypeScript, so Vite loads the simulation, with a defect in it where one is asked for.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const path = (file) => fileURLToPath(new URL(file, import.meta.url));

async function load(file, alias = [], plugins = []) {
  const { module } = await runnerImport(path(file), { configFile: false, root: path('../..'), logLevel: 'error', resolve: { alias }, plugins });
  return module;
}

/** Puts a defect into its file; one that does not fit exactly once is an error, so that none goes stale unnoticed. */
function withDefect({ name, file, find, replace }) {
  const target = path(`../../src/${file}`);
  return {
    name: `defect:${name}`,
    enforce: 'pre',
    transform(code, id) {
      if (id.split('?')[0] !== target) return null;
      const times = code.split(find).length - 1;
      if (times !== 1) throw new Error(`The defect "${name}" fits ${times} times into src/${file}, not once.`);
      return code.replace(find, () => replace);
    },
  };
}

/** The deliberate defects there are. */
export async function loadDefects() {
  return (await load('./defects.ts')).DEFECTS;
}

/** The simulation as it is, or with the defect of that name. */
export async function loadSimulation(defectName) {
  const { sourceAlias } = await load('../../source-alias.ts');
  const defect = defectName && (await loadDefects()).find(({ name }) => name === defectName);
  if (defectName && !defect) throw new Error(`There is no defect "${defectName}".`);
  const alias = sourceAlias;
  const simulation = await load('./run-world.ts', alias, defect ? [withDefect(defect)] : []);
  return { ...simulation, ...(await load('./known-gaps.ts')) };
}
