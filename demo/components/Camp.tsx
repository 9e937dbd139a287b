import type { ReactNode } from 'react';
import { activity } from '../auth.ts';
import { useArrivalFocus } from '../use-arrival-focus.ts';
import { Composer } from './Composer.tsx';
import { Feed } from './Feed.tsx';
import { LiveStrip } from './LiveStrip.tsx';
import { Masthead } from './Masthead.tsx';

/** What a signed-in user sees. */
export function Camp({ controls }: { readonly controls: ReactNode }) {
  const main = useArrivalFocus<HTMLElement>(() => activity.get().origin === 'signedInHere');
  return (
    <>
      <Masthead />
      <main className="layout" ref={main} tabIndex={-1}>
        <LiveStrip />
        <a className="button jump" href="#controls">
          Play the API
        </a>
        <div className="column">
          <Composer />
          <Feed />
        </div>
        {controls}
      </main>
    </>
  );
}
