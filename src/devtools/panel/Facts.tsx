import type { AuthClient } from '../../core/auth-client.ts';
import { inspectorOf } from '../../core/inspector.ts';
import type { AuthSnapshot } from '../../core/model/snapshot.ts';
import { decodeClaims } from '../../core/model/token-set.ts';
import { redact } from '../model/redact.ts';
import { drawnStateOf, STATE_WORDS } from '../model/state-words.ts';
import { accessTokenWords, refreshTokenWords } from '../model/token-places.ts';
import { durationOf, wordsOfEnd } from '../model/words.ts';
import { useNow } from './use-now.ts';

interface FactsProps {
  readonly client: AuthClient;
  readonly snapshot: AuthSnapshot;
}

/** The session's error or end, its facts, and its token's claims. */
export function Facts({ client, snapshot }: FactsProps) {
  const { door } = inspectorOf(client);
  const accessToken = accessTokenWords(snapshot);
  const claims = snapshot.tokens && decodeClaims(snapshot.tokens.accessToken);
  return (
    <div className="facts">
      {snapshot.status === 'signedOut' && snapshot.endReason !== null && (
        <p className="notice" data-tone={snapshot.endReason === 'sign_out' ? 'plain' : 'bad'}>
          <strong>{snapshot.endReason}</strong>: {wordsOfEnd(snapshot.endReason)}
        </p>
      )}
      {snapshot.refresh.error && <RefreshTrouble client={client} snapshot={snapshot} />}
      <dl>
        <Fact name="state" value={STATE_WORDS[drawnStateOf(snapshot)]} />
        {accessToken !== null && <Fact name="access token" value={accessToken} />}
        <Fact name="refresh token" value={refreshTokenWords(door.store.getState(), door.protocol.eventsPath !== undefined)} />
        <Fact name="storage" value={snapshot.storage} />
        <Fact name="API clock" value={offsetWords(snapshot.clockOffset)} />
        <Fact name="session ID" value={snapshot.sessionId?.slice(0, 8) ?? 'none'} />
      </dl>
      {claims !== null && (
        <details>
          <summary>Token claims</summary>
          <dl>
            {Object.entries(claims).map(([name, value]) => (
              <Fact key={name} name={name} value={claimWords(name, value)} />
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}

function RefreshTrouble({ client, snapshot: { refresh } }: FactsProps) {
  const now = useNow(inspectorOf(client).platform, 250, refresh.retryAt === null);
  return (
    <p className="notice" data-tone="warning">
      {refresh.error?.message} {refresh.retryAt !== null && <strong>Next attempt in {durationOf(Math.max(0, refresh.retryAt - now))}.</strong>}
    </p>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function offsetWords(offset: number): string {
  if (Math.abs(offset) < 1000) return 'same as device';
  return `${durationOf(Math.abs(offset))} ${offset > 0 ? 'ahead' : 'behind'}`;
}

/** `iat`, `nbf` and `exp` are NumericDates: seconds (RFC 7519 section 2). */
function claimWords(name: string, value: unknown): string {
  const isDate = ['iat', 'nbf', 'exp'].includes(name) && typeof value === 'number';
  return isDate ? new Date(value * 1000).toLocaleString() : redact(typeof value === 'string' ? value : JSON.stringify(value));
}
