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
  /** Whether the tokens can live on a server: `npm run demo -- --server`. */
  readonly hasServer: boolean;
  /** The address of a Redis that keeps the sessions of the server; `null` for files. */
  readonly redisUrl: string | null;
}

const DEFAULT_PORT = 5173;

/**
 * Reads the settings.
 *
 * @param args the arguments of the command line
 * @throws DemoProblem that names the variable or the argument, and a valid value
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>, args: readonly string[]): DemoSettings {
  const unknown = args.find((arg) => arg !== '--server');
  if (unknown !== undefined) throw new DemoProblem(`The demo has no option ${JSON.stringify(unknown)}. Its only option is --server: npm run demo -- --server`);
  const hasServer = args.length > 0;
  if (hasServer && env['API_URL']) throw new DemoProblem('The server of the demo needs the embedded API. Unset API_URL, or leave out --server.');
  return {
    hasServer,
    redisUrl: hasServer ? readRedisUrl(env['REDIS_URL']) : null,
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

function readRedisUrl(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  if (URL.canParse(text) && /^rediss?:$/.test(new URL(text).protocol)) return text;
  throw new DemoProblem('REDIS_URL must be an address such as redis://127.0.0.1:6379.'); // It may have a password, so it is not shown.
}
