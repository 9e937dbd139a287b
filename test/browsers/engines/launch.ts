import { launchChromium } from './chromium.ts';
import type { EngineName, LaunchOptions, RunningEngine } from './engine.ts';
import { launchFirefox } from './firefox.ts';
import { launchWebKit } from './webkit.ts';

const LAUNCHERS = { chromium: launchChromium, firefox: launchFirefox, webkit: launchWebKit };

/** Starts an engine. */
export function launch(name: EngineName, options: LaunchOptions): Promise<RunningEngine> {
  return LAUNCHERS[name](options);
}
