import { BreakCard } from './BreakCard.tsx';
import { Controls } from './Controls.tsx';
import { Logo } from './Logo.tsx';
import { SignInCard } from './SignInCard.tsx';

/** The sign-in and the API's controls. */
export function SignedOutPage() {
  return (
    <>
      <header className="masthead">
        <p className="brand">
          <Logo />
        </p>
      </header>
      <main className="layout layout--out">
        <SignInCard />
        <BreakCard />
        <Controls />
      </main>
    </>
  );
}
