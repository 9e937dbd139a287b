import { given } from '../core/words.ts';
import type { BonfireSettingsPatch } from './bonfire-settings.ts';
import { checkFunction, checkObject, checkText, checkTexts } from './option-check.ts';

/** The options of `createBonfireApi`; the settings among them can be changed later. */
export interface BonfireApiOptions extends BonfireSettingsPatch {
  /** The only App Key that the API accepts; default `app-key`. */
  readonly appKey?: string;
  /** The beginning of every path; default `/v1`. */
  readonly basePath?: string;
  /** The display names of the bots by their ids; by default there are `ember`, `cinder` and `spark`. */
  readonly bots?: Readonly<Record<string, string>>;
  /** The response headers that scripts of other origins can read; none by default. If `Date` is among them, the answers carry it. */
  readonly exposeHeaders?: readonly string[];
  /** The server's clock, epoch ms; default `Date.now`. */
  readonly now?: () => number;
  /** Waits for a time in ms, or until `over` aborts; a timer by default. A request that hangs waits for `Infinity`. */
  readonly sleep?: (ms: number, over?: AbortSignal) => Promise<void>;
}

/** The options that do not change after the API was created. */
export interface BonfireFixture {
  readonly appKey: string;
  readonly basePath: string;
  readonly bots: Readonly<Record<string, string>>;
  readonly exposeHeaders: readonly string[];
  readonly now: () => number;
  readonly sleep: (ms: number, over?: AbortSignal) => Promise<void>;
}

/**
 * Fills in the defaults of the options that do not change, and checks them.
 *
 * @throws TypeError or RangeError that names the option, its rule and its value
 */
export function fixtureOf(options: BonfireApiOptions): BonfireFixture {
  if (options.bots !== undefined) checkObject('bots', options.bots);
  if (options.exposeHeaders !== undefined) checkTexts('exposeHeaders', options.exposeHeaders);
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
    throw new RangeError(`\`basePath\` must be empty, or start with "/" and not end with one${given(fixture.basePath)}.`);
  }
  for (const [id, name] of Object.entries(fixture.bots)) checkText(`bots[${JSON.stringify(id)}]`, name);
  checkFunction('now', fixture.now);
  checkFunction('sleep', fixture.sleep);
}
