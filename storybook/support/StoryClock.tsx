import { useEffect, useMemo, useState } from 'react';
import type { TestClock } from 'unexpired/testing';

/** The clock of a story. It runs, and its buttons set it forward. */
export function StoryClock({ clock }: { readonly clock: TestClock }) {
  const [now, setNow] = useState(clock.now);
  const advance = useMemo(() => inTurn(clock, () => setNow(clock.now())), [clock]);
  useEffect(() => {
    const timer = setInterval(() => advance(1000), 1000);
    return () => clearInterval(timer);
  }, [advance]);
  return (
    <section className="card" aria-label="Clock">
      <h3>Clock</h3>
      <p>{new Date(now).toLocaleTimeString('en-GB')}</p>
      <div className="row">
        <button type="button" onClick={() => advance(60_000)}>+1 min</button>
        <button type="button" onClick={() => advance(14 * 60_000)}>+14 min</button>
      </div>
    </section>
  );
}

/** Returns a function that sets the clock forward after earlier calls have done so. */
function inTurn(clock: TestClock, onMoved: () => void): (ms: number) => void {
  let last: Promise<void> = Promise.resolve();
  return (ms) => void (last = last.then(() => clock.advance(ms)).then(onMoved));
}
