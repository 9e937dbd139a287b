import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { ENGINES, type EngineName } from './engine.ts';

interface EngineLocation {
  readonly title: string;
  /** The environment variable that names the program. */
  readonly variable: string;
  readonly places: readonly string[];
  /** Other programs that it needs. */
  readonly needs?: readonly string[];
  /** Commands that install it. */
  readonly install: string;
}

const LOCATIONS: Readonly<Record<EngineName, EngineLocation>> = {
  chromium: {
    title: 'Chromium',
    variable: 'CHROMIUM_PATH',
    places: [chromium.executablePath(), '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable', '/opt/google/chrome/chrome'],
    install: '`apt-get install chromium` or `npx playwright-core install chromium`',
  },
  firefox: {
    title: 'Firefox',
    variable: 'FIREFOX_PATH',
    places: ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'],
    install: '`apt-get install firefox-esr`',
  },
  webkit: {
    title: 'WebKitGTK',
    variable: 'WEBKIT_DRIVER_PATH',
    places: ['/usr/bin/WebKitWebDriver'],
    needs: ['/usr/bin/Xvfb'],
    install: '`apt-get install webkit2gtk-driver xvfb xauth`',
  },
};

type Env = Readonly<Record<string, string | undefined>>;

/** The path of each engine that was found. */
export type FoundEngines = { readonly [E in EngineName]?: string };

/**
 * Finds the engines: first the engines that the environment names, then installed ones.
 *
 * @param exists whether there is such a file
 * @throws Error that says what to do, if a named engine does not exist or a required one is not found
 */
export function findEngines(env: Env, exists: (path: string) => boolean = existsSync): FoundEngines {
  const found: FoundEngines = Object.fromEntries(
    ENGINES.map((name) => [name, pathOf(name, env, exists)] as const).filter(([, path]) => path !== undefined),
  );
  const missing = requiredBy(env).filter((name) => found[name] === undefined);
  if (missing.length === 0) return found;
  throw new Error(`There is no ${missing.map(howToGet).join('; there is no ')}.`);
}

/** Describes which engines are used, and how to install the others. */
export function describeEngines(found: FoundEngines): string {
  return ENGINES.map((name) => (found[name] === undefined ? `no ${howToGet(name)}` : `${LOCATIONS[name].title} (${found[name]})`)).join(', ');
}

function pathOf(name: EngineName, env: Env, exists: (path: string) => boolean): string | undefined {
  const { variable, places, needs = [] } = LOCATIONS[name];
  const named = env[variable];
  if (named && !exists(named)) throw new Error(`${variable} names ${named}, and there is no such file. Correct it, or unset it to let the tests look for one.`);
  return needs.every(exists) ? named || places.find(exists) : undefined;
}

/** Returns the required engines, at least Chromium: these tests are never skipped. */
function requiredBy({ BROWSERS_REQUIRED = 'chromium' }: Env): EngineName[] {
  return BROWSERS_REQUIRED.split(',').map((text) => {
    const name = ENGINES.find((engine) => engine === text.trim());
    if (name) return name;
    throw new Error(`BROWSERS_REQUIRED must list some of ${ENGINES.join(', ')}, separated by commas, not ${JSON.stringify(text)}.`);
  });
}

function howToGet(name: EngineName): string {
  const { title, install, variable } = LOCATIONS[name];
  return `${title}: install it by ${install}, or set ${variable}`;
}
