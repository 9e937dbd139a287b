import type { ReactNode } from 'react';
import type { ArgTypes, Decorator, ReactRenderer } from '@storybook/react-vite';
import type { LoaderFunction } from 'storybook/internal/types';
import { AuthProvider } from 'unexpired';
import { ApiLog } from './ApiLog.tsx';
import { createSetup, LONG_LIFETIME_S, type Setup, type SetupArgs, type SetupOptions } from './setup.ts';

export const SETUP_ARGS: SetupArgs = { lifetimeS: LONG_LIFETIME_S, latencyMs: 0, refreshFault: 'none' };

export const SETUP_ARG_TYPES: Partial<ArgTypes<SetupArgs>> = {
  lifetimeS: { name: 'Token lifetime (s)', control: { type: 'range', min: 2, max: 120 } },
  latencyMs: { name: 'Latency (ms)', control: { type: 'range', min: 0, max: 3000, step: 100 } },
  refreshFault: { name: 'Refresh fault', control: 'radio', options: ['none', '503', '429', 'no connection', 'no answer'] },
};

/** How to set up a story before it renders. */
export interface SetupPlan extends SetupOptions {
  /** Brings the session into the state that the story shows (signs in as `ember`). */
  readonly prepare?: (setup: Setup) => void | Promise<void>;
}

/** Returns the setup of a story. */
export function setupOf(loaded: Record<string, unknown>): Setup {
  return loaded['setup'] as Setup;
}

/** Creates a setup for a story and prepares it. The controls change its API; it is closed when the story is left. */
export function withSetup({ prepare = (setup) => setup.signIn(), ...options }: SetupPlan): { loaders: LoaderFunction<ReactRenderer, SetupArgs>[] } {
  const setups = new WeakMap<AbortSignal, Setup>(); // Loaders run again when a control changes, with the same signal.
  const load: LoaderFunction<ReactRenderer, SetupArgs> = async ({ args, abortSignal }) => {
    const known = setups.get(abortSignal);
    const setup = known ?? createSetup(options);
    setups.set(abortSignal, setup);
    setup.applyArgs(args);
    if (!known) {
      abortSignal.addEventListener('abort', setup.close);
      await prepare(setup);
    }
    return { setup };
  };
  return { loaders: [load] };
}

/** Renders a story inside a provider, with the API's log below it. */
export const withApiLog: Decorator<SetupArgs> = (Story, { loaded }) => (
  <StoryLayout setup={setupOf(loaded)}>
    <Story />
  </StoryLayout>
);

function StoryLayout({ setup, children }: { readonly setup: Setup; readonly children: ReactNode }) {
  return (
    <AuthProvider client={setup.auth}>
      <div className="story">
        {children}
        <ApiLog api={setup.api} />
      </div>
    </AuthProvider>
  );
}
