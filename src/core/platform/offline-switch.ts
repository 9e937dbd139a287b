import type { Platform } from './platform.ts';

/** A platform whose network devtools can switch off. */
export interface OfflineSwitch {
  readonly platform: Platform;
  readonly setOffline: (offline: boolean) => void;
}

/** Adds the switch to a platform. The result inherits from it, so a copy by spread would lack members. The app never gets it. */
export function createOfflineSwitch(world: Platform): OfflineSwitch {
  let offline = false;
  const platform: Platform = Object.assign(Object.create(world), {
    fetch: (input, init) => (offline ? Promise.reject(new TypeError('Failed to fetch')) : world.fetch(input, init)),
    isOnline: () => !offline && world.isOnline(),
  } satisfies Partial<Platform>);
  return { platform, setOffline: (value) => void (offline = value) };
}
