import type { ReactNode } from 'react';
import { Composer } from './Composer.tsx';
import { Feed } from './Feed.tsx';
import { LiveStrip } from './LiveStrip.tsx';
import { Masthead } from './Masthead.tsx';

/** What a signed-in user sees. */
export function Camp({ controls }: { readonly controls: ReactNode }) {
  return (
    <>
      <Masthead />
      <main className="layout">
        <LiveStrip />
        <div className="column">
          <Composer />
          <Feed />
        </div>
        {controls}
      </main>
    </>
  );
}
