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
  { value: 0, label: 'None' },
  { value: 300, label: '0.3 s' },
  { value: 1500, label: '1.5 s' },
];

/** The lifetime of new tokens, the API's latency, and whether it rotates refresh tokens. */
export function SettingsControl({ api, settings }: { readonly api: ControlApi; readonly settings: Settings }) {
  const configure = useControl(api.configure);
  const shown = { ...settings, ...(configure.isPending ? configure.variables : {}) };
  return (
    <div className="control">
      <Choice
        legend="Token lifetime"
        options={LIFETIMES}
        value={shown.accessTokenLifetimeMs ?? 0}
        onChoose={(accessTokenLifetimeMs) => configure.mutate({ accessTokenLifetimeMs })}
      />
      <Choice legend="Latency" options={LATENCIES} value={shown.latencyMs} onChoose={(latencyMs) => configure.mutate({ latencyMs })} />
      <label className="check">
        <input
          type="checkbox"
          checked={shown.rotateRefreshTokens}
          onChange={(event) => configure.mutate({ rotateRefreshTokens: event.target.checked })}
        />
        <span>Rotate refresh tokens</span>
      </label>
    </div>
  );
}
