import { useAuth, type RefreshSnapshot } from 'unexpired';
import { useNow } from '../use-now.ts';
import { useSnapshot } from '../use-session.ts';
import { useSlow } from '../use-slow.ts';
import { durationWords } from '../words.ts';
import { Button } from './Button.tsx';

/** Says that the refresh takes long or has failed, and what happens next. */
export function RefreshNotice() {
  const { refresh, status } = useSnapshot();
  const slow = useSlow(refresh.state === 'running');
  // The region is always there, because a screen reader may miss a region that appears together with its text.
  return (
    <div className="refresh" role="status">
      {slow ? <Pending /> : null}
      {refresh.state === 'waiting' ? <Waiting refresh={refresh} meaning={status === 'loading' ? 'It is not known yet whether you are signed in.' : 'You stay signed in.'} /> : null}
      {refresh.state === 'blocked' ? <Blocked refresh={refresh} /> : null}
    </div>
  );
}

interface RefreshProps {
  readonly refresh: RefreshSnapshot;
}

function Pending() {
  return (
    <p className="notice">
      <strong>Waiting for a new access token.</strong> The API has not answered the refresh yet.
    </p>
  );
}

function Waiting({ refresh: { retryAt, error }, meaning }: RefreshProps & { readonly meaning: string }) {
  const now = useNow(250);
  return (
    <div className="notice notice--bad">
      <p>
        <strong>The refresh failed. {meaning}</strong>{' '}
        {/* Hidden from screen readers, which would read every tick. */}
        <span aria-hidden="true">Next attempt in {durationWords((retryAt ?? now) - now)}.</span>
      </p>
      <p className="notice__detail">{error?.message}</p>
    </div>
  );
}

function Blocked({ refresh: { error } }: RefreshProps) {
  const { client } = useAuth();
  return (
    <div className="notice notice--bad">
      <p>
        <strong>The API rejects this app. You stay signed in.</strong> {error?.message}
      </p>
      <Button onClick={() => void client.refresh().catch(() => undefined)}>Retry now</Button>
    </div>
  );
}
