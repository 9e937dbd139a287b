import { useAuth, useSessionEnd } from 'unexpired';

export function Countdown() {
  const { status, endReason } = useAuth();
  const end = useSessionEnd({ warnMs: 60_000 });
  if (status === 'signedOut') return <p>Signed out: {endReason}</p>;
  if (!end) return <p>Signed in. The end is not near.</p>;
  return (
    <>
      <p>Ends in {end.secondsLeft} s ({end.cause})</p>
      <button onClick={() => void end.stay()}>Stay signed in</button>
    </>
  );
}
