import { useAccessToken } from 'unexpired';

export function Freshness() {
  const { expiresAt, isRefreshing, error, refresh } = useAccessToken();
  return (
    <>
      <p>{isRefreshing ? 'Refreshing…' : `Good until ${new Date(expiresAt ?? 0).toLocaleTimeString()}`}</p>
      {error && <p role="alert">{error.message}</p>}
      <button onClick={() => void refresh().catch(() => undefined)}>Refresh now</button>
    </>
  );
}
