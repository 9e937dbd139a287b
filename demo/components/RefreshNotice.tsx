import type { RefreshSnapshot } from 'unexpired';
import { useAuth } from 'unexpired';
import { useNow } from '../use-now.ts';
import { durationWords } from '../words.ts';

/** Says that refreshing has failed and when it goes on; says nothing otherwise. */
export function RefreshNotice({ refresh }: { readonly refresh: RefreshSnapshot }) {
  const { client } = useAuth();
  // The region is always there, so that a screen reader hears what comes into it.
  return (
    <div className="strip__notice" role="status">
      {refresh.state === 'waiting' ? (
        <div className="notice notice--bad">
          <p>
            <strong>The API gives no new token right now.</strong> You stay signed in. <Countdown until={refresh.retryAt} />
          </p>
          <p className="notice__detail">{refresh.error?.message}</p>
        </div>
      ) : null}
      {refresh.state === 'blocked' ? (
        <div className="notice notice--bad">
          <p>
            <strong>The API refuses this app.</strong> {refresh.error?.message}
          </p>
          <button type="button" className="button" onClick={() => void client.refresh().catch(() => undefined)}>
            Try once more
          </button>
        </div>
      ) : null}
    </div>
  );
}

function Countdown({ until }: { readonly until: number | null }) {
  const now = useNow(250);
  // Every tick would be read out.
  return <span aria-hidden="true">Next try in {durationWords((until ?? now) - now)}.</span>;
}
