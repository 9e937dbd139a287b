import type { ReactNode } from 'react';
import type { ArgTypes, Decorator, ReactRenderer } from '@storybook/react-vite';
import type { LoaderFunction } from 'storybook/internal/types';
import { AuthProvider } from 'unexpired';
import { ApiLog } from './ApiLog.tsx';
import { openScene, PATIENT_S, type Scene, type SceneArgs, type SceneOptions } from './scene.ts';

export const SCENE_ARGS: SceneArgs = { lifetimeS: PATIENT_S, latencyMs: 0, refreshFault: 'none' };

export const SCENE_ARG_TYPES: Partial<ArgTypes<SceneArgs>> = {
  lifetimeS: { name: 'New tokens live (s)', control: { type: 'range', min: 2, max: 120 } },
  latencyMs: { name: 'Each answer takes (ms)', control: { type: 'range', min: 0, max: 3000, step: 100 } },
  refreshFault: { name: 'Each refresh meets', control: 'radio', options: ['none', '503', '429', 'no connection', 'no answer'] },
};

/** What a story needs before it is shown. */
export interface ScenePlan extends SceneOptions {
  /** Leads to the state that the story shows (signs in as `ember`). */
  readonly prepare?: (scene: Scene) => void | Promise<void>;
}

/** The scene that a story was given. */
export function sceneOf(loaded: Record<string, unknown>): Scene {
  return loaded['scene'] as Scene;
}

/** Loads a scene and leads it to a state; it is closed when the story is left, and the controls change what its API does meanwhile. */
export function scenePlan({ prepare = (scene) => scene.signIn(), ...options }: ScenePlan): { loaders: LoaderFunction<ReactRenderer, SceneArgs>[] } {
  const shown = new WeakMap<AbortSignal, Scene>(); // Loaders run again for each change of a control, by the same signal.
  const load: LoaderFunction<ReactRenderer, SceneArgs> = async ({ args, abortSignal }) => {
    const known = shown.get(abortSignal);
    const scene = known ?? openScene(options);
    shown.set(abortSignal, scene);
    scene.applyArgs(args);
    if (!known) {
      abortSignal.addEventListener('abort', scene.close);
      await prepare(scene);
    }
    return { scene };
  };
  return { loaders: [load] };
}

/** Puts a story on the stage: its tree inside a provider, and the API's log beside it. */
export const onStage: Decorator<SceneArgs> = (Story, { loaded }) => (
  <Stage scene={sceneOf(loaded)}>
    <Story />
  </Stage>
);

function Stage({ scene, children }: { readonly scene: Scene; readonly children: ReactNode }) {
  return (
    <AuthProvider client={scene.auth}>
      <div className="stage">
        {children}
        <ApiLog api={scene.api} />
      </div>
    </AuthProvider>
  );
}
