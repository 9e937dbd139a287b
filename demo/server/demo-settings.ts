import { DemoProblem } from './demo-problem.ts';

/** The demo's settings, from environment variables. */
export interface DemoSettings {
  /** 0 for any free port. */
  readonly pagePort: number;
  /** `null` for the page's port + 1 or, if that is in use, any free one. */
  readonly apiPort: number | null;
  /** The address of an API to use instead of the embedded one. */
  readonly apiUrl: string | null;
  readonly appKey: string;
}

const DEFAULT_PORT = 5173;

/**
 * Reads the settings.
 *
 * @throws DemoProblem that names the variable and a valid value
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): DemoSettings {
  return {
    pagePort: readPort('PORT', env['PORT']) ?? DEFAULT_PORT,
    apiPort: readPort('API_PORT', env['API_PORT']),
    apiUrl: readUrl(env['API_URL']),
    appKey: env['APP_KEY'] || 'app-key',
  };
}

function readPort(name: string, text: string | undefined): number | null {
  if (text === undefined || text === '') return null;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new DemoProblem(`${name} must be a whole number from 0 to 65535 (0 is any free port), not ${JSON.stringify(text)}.`);
}

function readUrl(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text.replace(/\/+$/, '');
  throw new DemoProblem(`API_URL must be an http(s) address such as http://127.0.0.1:5174/v1, not ${JSON.stringify(text)}.`);
}
