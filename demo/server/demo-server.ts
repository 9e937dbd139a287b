import { startApi, type RunningApi } from '../api-server.ts';
import { readSettings } from './demo-settings.ts';
import { startPage } from './page-server.ts';

/** A running demo. */
export interface Demo {
  /** Says where the page and the API are. */
  readonly greeting: string;
  readonly close: () => Promise<void>;
}

/**
 * Starts the API and the page.
 *
 * @throws DemoProblem when a setting is wrong or a port is in use; nothing is left running then
 */
export async function startDemo(env: Readonly<Record<string, string | undefined>>): Promise<Demo> {
  const settings = readSettings(env);
  const api = settings.apiUrl === null ? await startApi(settings) : null;
  const apiUrl = api?.url ?? settings.apiUrl ?? '';
  try {
    const page = await startPage(settings, apiUrl, api?.controlUrl ?? '');
    return {
      greeting: greetingOf(page.origin, apiUrl, api),
      close: async () => void (await Promise.all([page.close(), api?.close()])),
    };
  } catch (error) {
    await api?.close();
    throw error;
  }
}

function greetingOf(pageUrl: string, apiUrl: string, api: RunningApi | null): string {
  const lines = [
    'unexpired: the demo is running',
    '',
    `  Page  ${pageUrl}/`,
    `  API   ${apiUrl}${api ? '  (embedded, data is lost when it stops)' : '  (from API_URL)'}`,
    '',
    'Open the page in two tabs. Press Ctrl-C to stop.',
  ];
  return `\n${lines.map((line) => `  ${line}`.trimEnd()).join('\n')}\n`;
}
