// The page of the tests: a form whose session ends when it is idle, and a dialog to sign in again.
import { QueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { AuthProvider, createAuthClient, holdCalls, limitSession, SessionLost, SignedInOrHeld, useAuthedFetch } from 'unexpired';
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { AuthQueryProvider } from 'unexpired/query';

const protocol = bonfire({ baseUrl: '/v1', appKey: 'app-key' });
const auth = createAuthClient({ protocol });
const queryClient = new QueryClient();
limitSession(auth, { idle: { timeoutMs: Number(new URLSearchParams(location.search).get('idleMs')) } });
holdCalls(auth);

const signIn = (botId: string) => auth.signIn(createBotTokens(protocol, [botId]));

function PostForm() {
  const authedFetch = useAuthedFetch();
  const [outcome, setOutcome] = useState('not sent');

  async function send(form: FormData): Promise<void> {
    try {
      const { status } = await authedFetch('/users/me/posts', { method: 'POST', body: new URLSearchParams({ text: `${form.get('text')}` }) });
      setOutcome(`${status}`);
    } catch (error) {
      setOutcome((error as { code: string }).code);
    }
  }

  return (
    <form onSubmit={(event) => (event.preventDefault(), void send(new FormData(event.currentTarget)))}>
      <textarea name="text" aria-label="Post" />
      <output>{outcome}</output>
    </form>
  );
}

const App = () => (
  <AuthProvider client={auth}>
    <AuthQueryProvider queryClient={queryClient}>
      <SignedInOrHeld fallback="Please sign in."><PostForm /></SignedInOrHeld>
      <SessionLost>
        {({ cause, waiting }) => (
          <dialog ref={(dialog) => void (dialog && !dialog.open && dialog.showModal())} aria-label="Sign in again">
            <p>{`${cause}, ${waiting} waiting`}</p>
            {['ember', 'cinder'].map((botId) => <button key={botId} onClick={() => void signIn(botId)}>{botId}</button>)}
          </dialog>
        )}
      </SessionLost>
    </AuthQueryProvider>
  </AuthProvider>
);

createRoot(document.getElementById('root')!).render(<App />);

const harness = {
  signIn: (botId: string) => signIn(botId).then(() => undefined),
  setData: () => void queryClient.setQueryData(['drafts'], 'of the former user'),
  data: () => queryClient.getQueryData(['drafts']) ?? null,
  /** Sends the form as an autosave does: without the user. */
  autosave: () => document.querySelector('form')?.requestSubmit(),
};

export type Harness = typeof harness;
Object.assign(globalThis, { harness });
