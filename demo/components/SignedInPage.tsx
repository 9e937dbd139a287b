import { activity } from '../auth.ts';
import { useArrivalFocus } from '../use-arrival-focus.ts';
import { BreakCard } from './BreakCard.tsx';
import { Composer } from './Composer.tsx';
import { Controls } from './Controls.tsx';
import { Feed } from './Feed.tsx';
import { Masthead } from './Masthead.tsx';
import { PlaceCard } from './PlaceCard.tsx';
import { TokenCard } from './TokenCard.tsx';

/** The token, the feed and the API's controls. */
export function SignedInPage() {
  const main = useArrivalFocus<HTMLElement>(() => activity.get().origin === 'signedInHere');
  return (
    <>
      <Masthead />
      <main className="layout" ref={main} tabIndex={-1}>
        <TokenCard />
        <BreakCard />
        <div className="column">
          <PlaceCard />
          <Composer />
          <Feed />
        </div>
        <Controls />
      </main>
    </>
  );
}
