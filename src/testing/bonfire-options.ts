import type { BonfireSettings } from './bonfire-settings.ts';
import { checkFunction, checkText } from './option-check.ts';

/** What `createBonfireApi` can be told, the settings that may change later included. */
export interface BonfireApiOptions extends Partial<BonfireSettings> {
  /** The one App Key that the API knows (`app-key`). */
  readonly appKey?: string;
  /** What every path starts with (`/v1`). */
  readonly basePath?: string;
  /** The bots there are, display names by id (`ember`, `cinder` and `spark`). */
  readonly bots?: Readonly<Record<string, string>>;
  /** Response headers that scripts of other origins may read (none). With `Date` in it the answers carry the server's clock. */
  readonly exposeHeaders?: readonly string[];
  /** The server's clock, epoch ms (`Date.now`). */
  readonly now?: () => number;
  /** How the server waits (a timer); tests give it simulated time. A request that hangs waits for `Infinity`, until `over` aborts. */
  readonly sleep?: (ms: number, over?: AbortSignal) => Promise<void>;
}

/** What is fixed when the API is made. */
export interface BonfireFixture {
  readonly appKey: string;
  readonly basePath: string;
  readonly bots: Readonly<Record<string, string>>;
  readonly exposeHeaders: readonly string[];
  readonly now: () => number;
  readonly sleep: (ms: number, over?: AbortSignal) => Promise<void>;
}

/**
 * Fills in and checks what is fixed when the API is made.
 *
 * @throws TypeError or RangeError that names the option and what would be right
 */
export function fixtureOf(options: BonfireApiOptions): BonfireFixture {
  const fixture: BonfireFixture = {
    appKey: options.appKey ?? 'app-key',
    basePath: options.basePath ?? '/v1',
    bots: { ...(options.bots ?? { ember: 'Ember', cinder: 'Cinder', spark: 'Spark' }) },
    exposeHeaders: [...(options.exposeHeaders ?? [])],
    now: options.now ?? (() => Date.now()),
    sleep: options.sleep ?? ((ms) => new Promise((resolve) => ms < Infinity && setTimeout(resolve, ms))),
  };
  checkFixture(fixture);
  return fixture;
}

function checkFixture(fixture: BonfireFixture): void {
  checkText('appKey', fixture.appKey);
  if (fixture.basePath !== '' && !/^\/[^?#]*[^/?#]$/.test(fixture.basePath)) {
    throw new RangeError(`\`basePath\` must be empty or start with "/" and not end with one, not ${JSON.stringify(fixture.basePath)}.`);
  }
  for (const [id, name] of Object.entries(fixture.bots)) checkText(`bots[${JSON.stringify(id)}]`, name);
  checkFunction('now', fixture.now);
  checkFunction('sleep', fixture.sleep);
}
