import { activity } from '../auth.ts';
import { PLACE } from '../environment.ts';
import { useArrivalFocus } from '../use-arrival-focus.ts';
import { BreakCard } from './BreakCard.tsx';
import { Composer } from './Composer.tsx';
import { Controls } from './Controls.tsx';
import { Feed } from './Feed.tsx';
import { LimitsCard } from './LimitsCard.tsx';
import { Masthead } from './Masthead.tsx';
import { PlaceCard } from './PlaceCard.tsx';
import { ServerCard } from './ServerCard.tsx';
import { TokenCard } from './TokenCard.tsx';

/** The token or the server that has it, the feed and the API's controls. */
export function SignedInPage() {
  const main = useArrivalFocus<HTMLElement>(() => activity.get().origin === 'signedInHere');
  return (
    <>
      <Masthead />
      <main className="layout" ref={main} tabIndex={-1}>
        {PLACE === 'server' ? <ServerCard /> : <TokenCard />}
        <BreakCard />
        <div className="column">
          <PlaceCard />
          <LimitsCard />
          <Composer />
          <Feed />
        </div>
        <Controls />
      </main>
    </>
  );
}
