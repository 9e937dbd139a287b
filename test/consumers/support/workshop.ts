import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const root = resolve(import.meta.dirname, '../../..');
const apps = resolve(import.meta.dirname, '../apps');
const run = promisify(execFile);

/** A folder outside the project, where apps know the package by its tarball alone. */
export interface Workshop {
  /** Copies an app, installs the tarball and all it needs, and builds it; resolves to its folder. */
  readonly build: (app: string, env: Readonly<Record<string, string>>) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** Packs what `dist` holds. */
export async function openWorkshop(): Promise<Workshop> {
  const folder = await mkdtemp(join(tmpdir(), 'unexpired-consumers-'));
  const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root });
  const [{ filename }] = JSON.parse(stdout) as [{ readonly filename: string }];

  async function build(app: string, env: Readonly<Record<string, string>>): Promise<string> {
    const cwd = join(folder, app);
    await cp(join(apps, app), cwd, { recursive: true });
    await addTarball(join(cwd, 'package.json'), `file:${join(folder, filename)}`);
    const options = { cwd, env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env } };
    await npm(['install', '--prefer-offline', '--no-audit', '--no-fund'], options);
    await npm(['run', 'build'], options);
    return cwd;
  }

  return { build, close: () => rm(folder, { recursive: true, force: true }) };
}

async function addTarball(file: string, tarball: string): Promise<void> {
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { dependencies: Record<string, string> };
  manifest.dependencies['unexpired'] = tarball;
  await writeFile(file, JSON.stringify(manifest, null, 2));
}

/** @throws Error with what npm has printed */
async function npm(args: readonly string[], options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv }): Promise<void> {
  try {
    await run('npm', args, { ...options, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`npm ${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
  }
}
