import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { StrictMode, type ReactNode } from 'react';
import { AuthError, AuthProvider, useUser, type AuthClient, type UserSchema } from 'unexpired';
import type { FinishedSignIn, RedirectSignIn, StartOptions } from 'unexpired/redirect';
import { RedirectCallback, useSignIn } from 'unexpired/redirect/react';
import { buildJwt, buildTokenSet } from 'unexpired/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSetup, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});
afterEach(cleanup);

/** A sign-in whose answers the test gives. */
function createRedirect(finish: () => Promise<FinishedSignIn>, start: (options?: StartOptions) => Promise<void> = async () => undefined) {
  const calls = { finish: 0, start: [] as (StartOptions | undefined)[] };
  const redirect: RedirectSignIn = {
    async start(options) {
      calls.start.push(options);
      return start(options);
    },
    isCallback: () => true,
    finish() {
      calls.finish++;
      return finish();
    },
    signOut: async () => undefined,
    fetchUser: async () => ({}),
  };
  return { redirect, calls };
}

const withClient = (auth: AuthClient, children: ReactNode) => <StrictMode><AuthProvider client={auth}>{children}</AuthProvider></StrictMode>;
const settle = () => act(() => setup.world.advance(50));

describe('RedirectCallback', () => {
  it('finishes once in StrictMode, and goes on once', async () => {
    const { redirect, calls } = createRedirect(async () => ({ returnTo: '/posts', claims: null }));
    const wentTo: string[] = [];
    render(withClient(setup.open().auth, <RedirectCallback redirect={redirect} onSignedIn={(returnTo) => void wentTo.push(returnTo)} />));
    expect(screen.getByRole('status').textContent).toBe('Signing in…');
    await settle();
    expect([calls.finish, wentTo]).toEqual([1, ['/posts']]);
  });

  it.each([
    [new AuthError('grant_refused', 'for the developer', { apiCode: 'access_denied' }), 'The sign-in was cancelled.'],
    [new AuthError('sign_in_expired', 'for the developer'), 'This sign-in is over, or was begun in another browser.'],
    [new AuthError('grant_unavailable', 'for the developer', { transient: true }), 'The sign-in service does not answer just now.'],
    [new AuthError('invalid_response', 'for the developer'), 'The sign-in did not work.'],
  ])('says what happened after $code, and offers to try again', async (error, sentence) => {
    const { redirect, calls } = createRedirect(() => Promise.reject(error));
    render(withClient(setup.open().auth, <RedirectCallback redirect={redirect} onSignedIn={() => undefined} />));
    await settle();
    expect(screen.getByRole('alert').textContent).toBe(`You are not signed in${sentence}Sign in again`);
    fireEvent.click(screen.getByRole('button', { name: 'Sign in again' }));
    await settle();
    expect(calls.start).toEqual([undefined]);
  });

  it('goes on to the start page if it is opened again while a user is signed in', async () => {
    const { auth } = setup.open();
    await setup.world.until(auth.signIn(buildTokenSet()));
    const { redirect } = createRedirect(() => Promise.reject(new AuthError('sign_in_expired', 'over')));
    const wentTo: string[] = [];
    render(withClient(auth, <RedirectCallback redirect={redirect} onSignedIn={(returnTo) => void wentTo.push(returnTo)} />));
    await settle();
    expect(wentTo).toEqual(['/']);
  });

  it('lets the app show a failed sign-in itself', async () => {
    const { redirect } = createRedirect(() => Promise.reject(new AuthError('grant_refused', 'no', { apiCode: 'login_required' })));
    render(withClient(setup.open().auth, <RedirectCallback redirect={redirect} onSignedIn={() => undefined} pending="…">{({ error }) => <em>{error.apiCode}</em>}</RedirectCallback>));
    await settle();
    expect(screen.getByText('login_required').tagName).toBe('EM');
  });
});

describe('useSignIn', () => {
  function Door({ redirect }: { readonly redirect: RedirectSignIn }) {
    const { signIn, isStarting, error } = useSignIn(redirect);
    return <button disabled={isStarting} onClick={() => void signIn({ returnTo: '/x' })}>{error?.code ?? 'sign in'}</button>;
  }

  it('is busy until the page is left, and shows why it could not be left', async () => {
    let isDown = true;
    const { redirect, calls } = createRedirect(() => new Promise(() => undefined), async () => {
      if (isDown) throw new AuthError('grant_unavailable', 'down', { transient: true });
    });
    render(<Door redirect={redirect} />);
    const button = screen.getByRole<HTMLButtonElement>('button');
    fireEvent.click(button);
    expect(button.disabled).toBe(true);
    await settle();
    expect([button.disabled, button.textContent]).toEqual([false, 'grant_unavailable']);
    isDown = false;
    fireEvent.click(button);
    await settle();
    expect([button.textContent, calls.start]).toEqual(['sign in', [{ returnTo: '/x' }, { returnTo: '/x' }]]);
  });
});

describe('useUser', () => {
  const named: UserSchema<{ readonly name: string }> = {
    '~standard': { validate: (value) => (typeof (value as { name?: unknown }).name === 'string' ? { value: value as { name: string } } : { issues: [{ path: ['name'] }] }) },
  };
  const signedIn = async (claims: Record<string, unknown>) => {
    const { auth } = setup.open();
    await setup.world.until(auth.signIn({ ...buildTokenSet(), extra: { id_token: buildJwt(claims) } }));
    return auth;
  };

  it('is null without a user and without an ID token', async () => {
    const seen: unknown[] = [];
    const Seen = () => {
      seen.push(useUser());
      return null;
    };
    const { auth } = setup.open();
    render(<AuthProvider client={auth}><Seen /></AuthProvider>);
    await act(() => setup.world.until(auth.signIn(buildTokenSet())));
    expect(new Set(seen)).toEqual(new Set([null]));
  });

  it('has the claims about the user, typed by the schema, and not those about the token', async () => {
    const auth = await signedIn({ sub: '7', name: 'Ada', iat: 1, exp: 2, nonce: 'n' });
    const seen: unknown[] = [];
    const Seen = () => {
      seen.push(useUser());
      return <p>{useUser(named)?.name.toUpperCase()}</p>;
    };
    const { container } = render(<AuthProvider client={auth}><Seen /></AuthProvider>);
    await settle();
    expect([container.textContent, seen.at(-1)]).toEqual(['ADA', { sub: '7', name: 'Ada' }]);
  });

  it('names the claim that does not fit, without its value', async () => {
    const auth = await signedIn({ sub: '7', name: ['secret'] });
    await setup.world.until(auth.ready());
    const Broken = () => useUser(named)?.name;
    expect(() => render(<AuthProvider client={auth}><Broken /></AuthProvider>)).toThrow(/^The ID token does not fit the schema: name\.$/);
  });

  it('refuses a schema that is asynchronous', async () => {
    const auth = await signedIn({ sub: '7' });
    await setup.world.until(auth.ready());
    const schema: UserSchema<unknown> = { '~standard': { validate: async (value) => ({ value }) } };
    const Broken = () => String(useUser(schema));
    expect(() => render(<AuthProvider client={auth}><Broken /></AuthProvider>)).toThrow(expect.objectContaining({ code: 'invalid_config', field: 'schema' }));
  });
});
