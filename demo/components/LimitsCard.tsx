import { sessionLimits } from '../auth.ts';
import { useLimitSettings } from '../use-session.ts';
import { Choice } from './Choice.tsx';

const LIMITS = [
  { value: 0, label: 'None' },
  { value: 30_000, label: '30 s' },
  { value: 300_000, label: '5 min' },
];

/** When the session ends without activity, and whether calls survive its end. */
export function LimitsCard() {
  const settings = useLimitSettings();
  return (
    <section className="card places" aria-label="Session limits">
      <div className="place">
        <Choice legend="Idle limit" options={LIMITS} value={settings.idleMs} onChoose={(idleMs) => sessionLimits.set({ ...settings, idleMs })} />
        <p className="muted">The pointer and keys count, in any tab. Refreshes and calls do not.</p>
      </div>
      <label className="check">
        <input type="checkbox" checked={settings.holds} onChange={(event) => sessionLimits.set({ ...settings, holds: event.target.checked })} />
        <span>Hold calls when the session ends</span>
      </label>
      <p className="muted">They go on if you sign in again as the same bot. Try it with a post and “End session”.</p>
    </section>
  );
}
