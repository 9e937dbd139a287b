import { useState, type FormEvent } from 'react';
import { AuthError, SessionLost, SignedInOrHeld, useAuthedFetch, type LostSession } from 'unexpired';
import { createBotTokens, type BonfireProtocol } from 'unexpired/bonfire';

export function Draft({ protocol }: { readonly protocol: BonfireProtocol }) {
  return (
    <>
      <SignedInOrHeld fallback={<p>Please sign in.</p>}>
        <PostForm />
      </SignedInOrHeld>
      <SessionLost>{(lost) => <SignInAgain {...lost} protocol={protocol} />}</SessionLost>
    </>
  );
}

function PostForm() {
  const authedFetch = useAuthedFetch();
  const [outcome, setOutcome] = useState('');

  async function send(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const text = `${new FormData(event.currentTarget).get('text')}`;
    setOutcome('Sending…');
    try {
      const { ok } = await authedFetch('/users/me/posts', { method: 'POST', body: new URLSearchParams({ text }) });
      setOutcome(ok ? 'Sent.' : 'The API refused it.');
    } catch (error) {
      setOutcome(AuthError.is(error) ? `Not sent: ${error.code}` : 'Not sent.');
    }
  }

  return (
    <form onSubmit={(event) => void send(event)}>
      <label>
        Post <textarea name="text" rows={3} />
      </label>
      <button>Send</button>
      <p role="status">{outcome}</p>
    </form>
  );
}

function SignInAgain({ cause, waiting, signIn, discard, protocol }: LostSession & { readonly protocol: BonfireProtocol }) {
  const requests = waiting === 1 ? '1 request waits' : `${waiting} requests wait`;
  return (
    <dialog ref={openModal} aria-labelledby="again" onCancel={(event) => event.preventDefault()}>
      <h2 id="again">Sign in again</h2>
      <p>{cause === 'idle' ? 'You were away for a while.' : 'Your session has ended.'} Your text is still here, and {requests}.</p>
      <button onClick={() => void signIn(createBotTokens(protocol, ['ember']))}>Sign in as Ember</button>{' '}
      <button onClick={() => void signIn(createBotTokens(protocol, ['cinder']))}>Sign in as Cinder</button>{' '}
      <button onClick={discard}>Discard</button>
    </dialog>
  );
}

function openModal(dialog: HTMLDialogElement | null): void {
  if (dialog && !dialog.open) dialog.showModal();
}
