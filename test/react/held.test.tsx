import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { StrictMode, Suspense, useState, type ReactNode } from 'react';
import { AuthProvider, holdCalls, SessionLost, SignedInOrHeld, useAuth, useAuthedFetch, useSuspenseAccessToken, type AuthClient, type Hold } from 'unexpired';
import { createBotTokens } from 'unexpired/bonfire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSetup, type Setup } from '../support/setup.ts';

let setup: Setup;
let auth: AuthClient;
let hold: Hold;
beforeEach(() => {
  setup = createSetup();
  ({ auth } = setup.open());
  hold = holdCalls(auth);
});
afterEach(cleanup);

const advance = (ms: number) => act(() => setup.world.advance(ms));
const signIn = (botId = 'ember') => act(() => setup.signIn(auth, botId));

async function loseSession(): Promise<void> {
  setup.api.endSession({}, 460);
  await act(() => setup.world.until(auth.refresh().catch(() => undefined)));
}

const Form = () => {
  const authedFetch = useAuthedFetch();
  const [outcome, setOutcome] = useState('not sent');
  const send = (text: FormDataEntryValue | null) =>
    authedFetch('/users/me/posts', { method: 'POST', body: new URLSearchParams({ text: `${text}` }) }).then(
      ({ status }) => setOutcome(`${status}`),
      (error: { code: string }) => setOutcome(error.code),
    );
  return (
    <form onSubmit={(event) => (event.preventDefault(), void send(new FormData(event.currentTarget).get('text')))}>
      <input name="text" aria-label="Text" />
      <button>Send</button>
      <output>{outcome}</output>
    </form>
  );
};

const Dialog = () => (
  <SessionLost>
    {({ cause, waiting, signIn: again, discard }) => (
      <div role="dialog">
        <p>{`${cause}, ${waiting} waiting`}</p>
        <button onClick={() => void again(createBotTokens(setup.protocol, ['ember']))}>Sign in again</button>
        <button onClick={discard}>Discard</button>
      </div>
    )}
  </SessionLost>
);

function renderPage(tree: ReactNode = <Form />): HTMLElement {
  const page = (
    <StrictMode>
      <AuthProvider client={auth}>
        <SignedInOrHeld fallback="Please sign in">{tree}</SignedInOrHeld>
        <Dialog />
      </AuthProvider>
    </StrictMode>
  );
  return render(page).container;
}

const field = () => screen.getByLabelText<HTMLInputElement>('Text');
const cover = () => field().closest('div')!;

describe('a form whose session is lost', () => {
  it('keeps its text, is hidden, and sends its request when the same user has signed in again in the dialog', async () => {
    const page = renderPage();
    await signIn();
    fireEvent.change(field(), { target: { value: 'a long text' } });
    field().focus();
    setup.api.endSession({}, 460);
    fireEvent.click(screen.getByText('Send'));
    await advance(100);
    expect(screen.getByRole('dialog').textContent).toContain('login_required, 1 waiting');
    expect([field().value, cover().style.display, cover().inert]).toEqual(['a long text', 'none', true]);
    screen.getByText('Discard').focus();
    fireEvent.click(screen.getByText('Sign in again'));
    await advance(200);
    expect(page.querySelector('output')?.textContent).toBe('201');
    expect([screen.queryByRole('dialog'), field().value, cover().style.display, cover().inert]).toEqual([null, 'a long text', 'contents', false]);
    expect(page.ownerDocument.activeElement).toBe(field());
    expect(setup.answers('myPosts')).toEqual([401, 201]);
  });

  // claim: held-form-empty-for-another-user
  it('is mounted anew for another user, and its request is not sent', async () => {
    const page = renderPage();
    await signIn();
    fireEvent.change(field(), { target: { value: 'by ember' } });
    setup.api.endSession({}, 460);
    fireEvent.click(screen.getByText('Send'));
    await advance(100);
    await signIn('cinder');
    await advance(100);
    expect([field().value, page.querySelector('output')?.textContent]).toEqual(['', 'not sent']);
    expect(setup.answers('myPosts')).toEqual([401]);
  });

  it('is removed when the user discards it', async () => {
    const page = renderPage();
    await signIn();
    await loseSession();
    fireEvent.click(screen.getByText('Discard'));
    expect(page.textContent).toBe('Please sign in');
  });

  it('is removed by a sign-out, and is not mounted twice by the next sign-in', async () => {
    const page = renderPage();
    await signIn();
    fireEvent.change(field(), { target: { value: 'text' } });
    await act(() => setup.world.until(auth.signOut()));
    expect(page.textContent).toBe('Please sign in');
    await signIn();
    expect(field().value).toBe('');
  });

  it('suspends a part that needs a token', async () => {
    const Token = () => <b>{useSuspenseAccessToken().accessToken === '' ? 'none' : 'token'}</b>;
    const page = renderPage(<><Form /><Suspense fallback="Waiting"><Token /></Suspense></>);
    await signIn();
    fireEvent.change(field(), { target: { value: 'text' } });
    expect(page.textContent).toContain('token');
    await loseSession();
    expect(page.textContent).toContain('Waiting');
    await signIn();
    await advance(10);
    expect([field().value, page.textContent?.includes('Waiting')]).toEqual(['text', false]);
  });
});

describe('SignedInOrHeld', () => {
  it('shows nothing while loading, and then the fallback', async () => {
    const page = renderPage();
    expect(page.textContent).toBe('');
    await advance(10);
    expect(page.textContent).toBe('Please sign in');
  });

  it('leaves its children visible and inert with showHeld', async () => {
    render(<AuthProvider client={auth}><SignedInOrHeld showHeld><Form /></SignedInOrHeld></AuthProvider>);
    await signIn();
    await loseSession();
    expect([cover().style.display, cover().inert]).toEqual(['contents', true]);
  });

  it('keeps what a server rendered when the page has loaded', async () => {
    const first = setup.open();
    await setup.signIn(first.auth);
    render(
      <AuthProvider client={auth} initialSession={{ status: 'signedIn' }}>
        <SignedInOrHeld><Form /></SignedInOrHeld>
      </AuthProvider>,
    );
    fireEvent.change(field(), { target: { value: 'early' } });
    await advance(100);
    expect([auth.getSnapshot().status, field().value]).toEqual(['signedIn', 'early']);
  });

  it('does not render for a refresh', async () => {
    let renders = 0;
    const Child = () => (renders++, (<p>{useAuth().status}</p>));
    const child = <Child />;
    render(<AuthProvider client={auth}><SignedInOrHeld>{child}</SignedInOrHeld></AuthProvider>);
    await signIn();
    const before = renders;
    await act(async () => void (await setup.world.until(auth.refresh())));
    expect(renders).toBe(before);
  });

  it('needs a client with a hold', () => {
    hold.dispose();
    expect(() => render(<AuthProvider client={auth}><SignedInOrHeld /></AuthProvider>)).toThrow(/`client` has no hold; call `holdCalls\(client\)`/);
    expect(() => render(<AuthProvider client={auth}><SessionLost>{() => null}</SessionLost></AuthProvider>)).toThrow(expect.objectContaining({ code: 'invalid_config' }));
  });
});
