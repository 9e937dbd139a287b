import { useState } from 'react';
import type { RedirectSignIn } from 'unexpired/redirect';
import { RedirectCallback } from 'unexpired/redirect/react';

export function Callback({ redirect }: { readonly redirect: RedirectSignIn }) {
  const [page, setPage] = useState<string | null>(null); // Your router has this: navigate(returnTo, { replace: true })
  if (page !== null) return <p>The page {page} is shown.</p>;
  return <RedirectCallback redirect={redirect} onSignedIn={setPage} />;
}
