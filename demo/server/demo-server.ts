import { startApis } from '../api-server.ts';
import type { DemoApis } from '../environment.ts';
import { createFleet } from '../instances/fleet.ts';
import { readSettings, type DemoSettings } from './demo-settings.ts';
import { startPage } from './page-server.ts';

/** A running demo. */
export interface Demo {
  /** Says where the page and the API are. */
  readonly greeting: string;
  readonly close: () => Promise<void>;
}

/**
 * Starts the APIs, the instances of the server if there are some, and the page.
 *
 * @param args the arguments of the command line
 *
 * @throws DemoProblem when a setting is wrong or a port is in use; nothing is left running then
 */
export async function startDemo(env: Readonly<Record<string, string | undefined>>, args: readonly string[] = []): Promise<Demo> {
  const settings = readSettings(env, args);
  const fleet = settings.hasServer ? createFleet(settings) : null;
  const embedded = settings.apiUrl === null ? await startApis(settings, fleet) : null;
  const apis = embedded?.apis ?? { page: { url: settings.apiUrl ?? '', controlUrl: '' }, cookie: null, server: null };
  const close = async () => void (await Promise.all([fleet?.close(), embedded?.close()]));
  try {
    if (apis.server) await fleet?.start(apis.server.url);
    const page = await startPage(settings, apis, fleet);
    return {
      greeting: greetingOf(page.origin, apis, settings),
      close: async () => void (await Promise.all([page.close(), close()])),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function greetingOf(pageUrl: string, { page, cookie, server }: DemoApis, { redisUrl }: DemoSettings): string {
  const lines = [
    'unexpired: the demo is running',
    '',
    `  Page  ${pageUrl}/`,
    `  API   ${page.url}${cookie ? '  (embedded, data is lost when it stops)' : '  (from API_URL)'}`,
    ...(server ? [`  Tokens on a server: ${pageUrl}/?tokens=server  (two instances, sessions in ${redisUrl === null ? 'files' : 'Redis'})`] : []),
    '',
    'Open the page in two tabs. Press Ctrl-C to stop.',
  ];
  return `\n${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n`;
}
