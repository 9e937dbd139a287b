import type { BonfireApi } from 'unexpired/testing';
import { useNow } from '../../demo/use-now.ts';
import { countWords } from '../../demo/words.ts';

const SHOWN = 8;

/** What the embedded API saw, the newest first. */
export function ApiLog({ api }: { readonly api: BonfireApi }) {
  useNow(200); // The API tells nobody when it is called.
  const { refreshes, rejections, reuses } = api.counts;
  return (
    <section className="card" aria-label="What the API saw">
      <h3>What the API saw</h3>
      <ol className="log">
        {api.calls.slice(-SHOWN).reverse().map((call) => (
          <li key={`${call.at}${call.path}${api.calls.indexOf(call)}`}>
            <span>{call.method} {call.path.replace(/^.*\/v1\/[^/]+/, '')}{call.endpoint === 'refresh' ? ' (a refresh)' : ''}</span>
            <span data-refused={typeof call.status === 'number' && call.status >= 400}>{call.errorCode === undefined ? call.status : `${call.status} · error ${call.errorCode}`}</span>
          </li>
        ))}
      </ol>
      <p className="muted">
        {countWords(refreshes, 'refresh', 'refreshes')} granted, {countWords(rejections, 'rejected token', 'rejected tokens')}, {countWords(reuses, 'spent token', 'spent tokens')} sent again
      </p>
    </section>
  );
}
