import { nameOf } from '../model/foreign-error.ts';
import { parseObject } from '../model/json.ts';
import type { Platform } from './platform.ts';

/**
 * Runs a function of the app, such as one of its protocol.
 *
 * The error that it throws is reported, except that of `JSON.parse` for a text that is no JSON, such as the page of a proxy.
 *
 * @param fallback gives the result if the function throws
 * @param text the text that the function reads, if it reads one
 */
export function runOwnCode<T, F>(platform: Pick<Platform, 'report'>, run: () => T, fallback: (error: unknown) => F, text = '{}'): T | F {
  try {
    return run();
  } catch (error) {
    if (nameOf(error) !== 'SyntaxError' || parseObject(text)) platform.report(error);
    return fallback(error);
  }
}
