import type { ControlApi } from '../control-api.ts';
import type { ControlState } from '../server/control.ts';
import { useControl } from '../use-control.ts';
import { Choice } from './Choice.tsx';

type Settings = ControlState['settings'];

const LIFETIMES = [
  { value: 8000, label: '8 s' },
  { value: 30_000, label: '30 s' },
  { value: 300_000, label: '5 min' },
];

const LATENCIES = [
  { value: 0, label: 'none' },
  { value: 300, label: '0.3 s' },
  { value: 1500, label: '1.5 s' },
];

/** How long tokens live from now on, and how slow the API is. */
export function SettingsControl({ api, settings }: { readonly api: ControlApi; readonly settings: Settings }) {
  const configure = useControl(api.configure);
  const shown = { ...settings, ...(configure.isPending ? configure.variables : {}) };
  return (
    <div className="control">
      <Choice
        legend="New tokens live"
        options={LIFETIMES}
        value={shown.accessTokenLifetimeMs ?? 0}
        onChoose={(accessTokenLifetimeMs) => configure.mutate({ accessTokenLifetimeMs })}
      />
      <Choice legend="Delay of every answer" options={LATENCIES} value={shown.latencyMs} onChoose={(latencyMs) => configure.mutate({ latencyMs })} />
      <label className="check">
        <input
          type="checkbox"
          checked={shown.rotateRefreshTokens}
          onChange={(event) => configure.mutate({ rotateRefreshTokens: event.target.checked })}
        />
        <span>Each refresh token works once</span>
      </label>
    </div>
  );
}
