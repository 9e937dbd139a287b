import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { patience } from '../../support/pace.ts';

const root = resolve(import.meta.dirname, '../../..');
const apps = resolve(import.meta.dirname, '../apps');
const run = promisify(execFile);

/** A folder outside the project, where apps can use the package only by its tarball. */
export interface Workspace {
  /** Copies an app, and installs the tarball and the app's other dependencies. */
  readonly install: (app: string) => Promise<FreshApp>;
  readonly close: () => Promise<void>;
}

/** An installed app. */
export interface FreshApp {
  readonly folder: string;
  /** Its installed dependencies without types, as `name version`. */
  readonly versions: readonly string[];
  readonly build: (env: Readonly<Record<string, string>>) => Promise<void>;
}

interface Manifest {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** Packs the package with the current `dist`. */
export async function openWorkspace(): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), 'unexpired-consumers-'));
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root, timeout: patience(60_000) });
  const [{ filename }] = JSON.parse(stdout) as [{ readonly filename: string }];

  async function install(app: string): Promise<FreshApp> {
    const cwd = join(folder, app);
    await cp(join(apps, app), cwd, { recursive: true });
    const { dependencies, devDependencies } = await addTarball(join(cwd, 'package.json'), `file:${join(folder, filename)}`);
    const { NODE_ENV: _tests, ...ambient } = process.env; // An app is built for production, as its author would build it.
    const env = { ...ambient, NEXT_TELEMETRY_DISABLED: '1' };
    await npm(['install', '--prefer-offline', '--no-audit', '--no-fund'], { cwd, env });
    const names = Object.keys({ ...dependencies, ...devDependencies }).filter((name) => !name.startsWith('@types/'));
    return {
      folder: cwd,
      versions: await Promise.all(names.map((name) => versionOf(cwd, name))),
      build: (own) => npm(['run', 'build'], { cwd, env: { ...env, ...own } }),
    };
  }

  return { install, close: () => rm(folder, { recursive: true, force: true }) };
}

/** Adds the tarball to an app's dependencies. Resolves to the manifest before the change. */
async function addTarball(file: string, tarball: string): Promise<Manifest> {
  const manifest = await readManifest(file);
  const dependencies = { ...manifest.dependencies, unexpired: tarball };
  await writeFile(file, JSON.stringify({ ...manifest, dependencies }, null, 2));
  return manifest;
}

async function versionOf(folder: string, name: string): Promise<string> {
  const { version } = await readManifest(join(folder, 'node_modules', name, 'package.json'));
  return `${name} ${version}`;
}

async function readManifest(file: string): Promise<Manifest> {
  return JSON.parse(await readFile(file, 'utf8')) as Manifest;
}

/** @throws Error with the output of npm */
async function npm(args: readonly string[], options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }): Promise<void> {
  try {
    await run('npm', args, { ...options, maxBuffer: 64 * 1024 * 1024, timeout: patience(240_000) });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`npm ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}
