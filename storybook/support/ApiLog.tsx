import type { BonfireApi } from 'unexpired/testing';
import { useNow } from '../../demo/use-now.ts';
import { countWords } from '../../demo/words.ts';

const SHOWN = 8;

/** The embedded API's log, newest first. */
export function ApiLog({ api }: { readonly api: BonfireApi }) {
  useNow(200); // The API has no event for a call, so it is polled.
  const { refreshes, rejections, reuses } = api.counts;
  return (
    <section className="card" aria-label="API log">
      <h3>API log</h3>
      <ol className="log">
        {api.calls.slice(-SHOWN).reverse().map((call) => (
          <li key={`${call.at}${call.path}${api.calls.indexOf(call)}`}>
            <span>{call.method} {call.path.replace(/^.*\/v1\/[^/]+/, '')}{call.endpoint === 'refresh' ? ' (refresh)' : ''}</span>
            <span data-tone={call.errorCode === 450 ? 'rejected' : typeof call.status === 'number' && call.status >= 400 ? 'failed' : undefined}>{call.errorCode === undefined ? call.status : `${call.status}, error ${call.errorCode}`}</span>
          </li>
        ))}
      </ol>
      <p className="muted">
        {countWords(refreshes, 'refresh', 'refreshes')}, {countWords(rejections, 'rejected token', 'rejected tokens')}, {countWords(reuses, 'token reuse', 'token reuses')}
      </p>
    </section>
  );
}
