import { startApis } from '../api-server.ts';
import type { DemoApis } from '../environment.ts';
import { readSettings } from './demo-settings.ts';
import { startPage } from './page-server.ts';

/** A running demo. */
export interface Demo {
  /** Says where the page and the API are. */
  readonly greeting: string;
  readonly close: () => Promise<void>;
}

/**
 * Starts the APIs and the page.
 *
 * @throws DemoProblem when a setting is wrong or a port is in use; nothing is left running then
 */
export async function startDemo(env: Readonly<Record<string, string | undefined>>): Promise<Demo> {
  const settings = readSettings(env);
  const embedded = settings.apiUrl === null ? await startApis(settings) : null;
  const apis = embedded?.apis ?? { page: { url: settings.apiUrl ?? '', controlUrl: '' }, cookie: null };
  try {
    const page = await startPage(settings, apis);
    return {
      greeting: greetingOf(page.origin, apis),
      close: async () => void (await Promise.all([page.close(), embedded?.close()])),
    };
  } catch (error) {
    await embedded?.close();
    throw error;
  }
}

function greetingOf(pageUrl: string, { page, cookie }: DemoApis): string {
  const lines = [
    'unexpired: the demo is running',
    '',
    `  Page  ${pageUrl}/`,
    `  API   ${page.url}${cookie ? '  (embedded, data is lost when it stops)' : '  (from API_URL)'}`,
    '',
    'Open the page in two tabs. Press Ctrl-C to stop.',
  ];
  return `\n${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n`;
}
