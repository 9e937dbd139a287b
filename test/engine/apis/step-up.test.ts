import { handleStepUp, type StepUpOptions } from 'unexpired/apis';
import type { AuthClient, StepUpChallenge, TokenSet } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { rejection } from '../../support/setup.ts';
import { createSeveralApis, FILES, MAIN, type SeveralApis } from '../../support/several-apis.ts';

let apis: SeveralApis;
beforeEach(() => {
  apis = createSeveralApis();
  apis.options.challengeOf = ({ path, grant }) => (path === '/payments' && grant.acr !== 'otp' ? 'Bearer error="insufficient_user_authentication", acr_values="otp passkey", max_age="300"' : null);
});

const subjectOf = ({ accessToken }: TokenSet) => accessToken.split('-').at(-1) ?? null;
const CHALLENGE: StepUpChallenge = { acrValues: 'otp passkey', maxAge: 300 };
const pay = (auth: AuthClient, origin: string = MAIN) => auth.fetch(`${origin}/payments`, { method: 'POST', body: 'pay ' });

/** Opens a signed-in tab that handles step-up. */
async function open(options?: StepUpOptions) {
  const { auth } = apis.open();
  const end = options && handleStepUp(auth, { subjectOf, ...options });
  await apis.signIn(auth);
  return { auth, end };
}

/** Signs a user in with a second factor, a second later. */
async function stepUp(auth: AuthClient, user = 'ada'): Promise<void> {
  await apis.world.working(Promise.resolve());
  await auth.signIn(() => apis.tokensOf(user, 'otp'));
}

describe('an API that asks for another authentication', () => {
  // claim: step-up-costs-no-refresh
  it.each([MAIN, FILES])('lets a call to %s fail with what it asks for, without a refresh', async (origin) => {
    const { auth } = await open({});
    await apis.world.until(auth.fetch(`${origin}/posts`));
    const before = apis.refreshes();
    expect(await apis.world.until(rejection(pay(auth, origin)))).toMatchObject({ code: 'step_up_required', transient: false, challenge: CHALLENGE });
    expect(apis.refreshes()).toBe(before);
    expect(auth.getSnapshot()).toMatchObject({ status: 'signedIn', refresh: { error: null } });
    expect(apis.statuses(origin)).toEqual([200, 401]);
  });

  it.each([
    ['Bearer error="insufficient_user_authentication"', {}],
    ['DPoP error="insufficient_user_authentication", acr_values="otp"', { acrValues: 'otp' }],
    ['Basic realm="x", Bearer realm="y", error=insufficient_user_authentication, max_age=0', { maxAge: 0 }],
    ['Bearer error="insufficient_user_authentication", acr_values="a\tb", max_age="-1"', {}],
    ['Bearer error="insufficient_user_authentication", acr_values="é", max_age="12345678901"', {}],
  ])('may say so with %s', async (header, challenge) => {
    apis.options.challengeOf = () => header;
    const { auth } = await open({});
    const error = await apis.world.until(rejection(pay(auth)));
    expect(error).toMatchObject({ code: 'step_up_required' });
    expect((error as { challenge: unknown }).challenge).toEqual(challenge);
  });

  it('gets its answer to the caller if nothing handles it, and without a refresh, too', async () => {
    const { auth } = await open();
    expect((await apis.world.until(pay(auth))).status).toBe(401);
    expect(apis.refreshes()).toBe(0);
  });

  it('costs no refresh either if each 401 counts as a rejection', async () => {
    apis = createSeveralApis({ isRejection: ({ status }) => status === 401 });
    apis.options.challengeOf = () => 'Bearer error="insufficient_user_authentication"';
    const { auth } = await open({});
    expect(await apis.world.until(rejection(pay(auth)))).toMatchObject({ code: 'step_up_required' });
    expect(apis.refreshes()).toBe(0);
  });
});

describe('with authenticate', () => {
  // claim: stepped-up-call-goes-on
  it('the call goes on once, with its body, after the same user has signed in', async () => {
    const asked: StepUpChallenge[] = [];
    const { auth } = await open({ authenticate: (challenge) => (asked.push(challenge), stepUp(auth)) });
    const response = await apis.world.until(pay(auth));
    expect([response.status, await response.text(), asked]).toEqual([200, 'pay ada', [CHALLENGE]]);
    expect(apis.statuses(MAIN)).toEqual([401, 200]);
  });

  it('calls that are challenged at the same time share one sign-in, and a call that waits for its token goes on, too', async () => {
    let signIns = 0;
    const { auth } = await open({ authenticate: () => (signIns++, stepUp(auth)) });
    const responses = await apis.world.until(Promise.all([pay(auth), pay(auth, FILES), pay(auth)]));
    expect(await Promise.all(responses.map((response) => response.text()))).toEqual(['pay ada', 'pay ada', 'pay ada']);
    expect(signIns).toBe(1);
  });

  // claim: no-step-up-as-another-user
  it('the call fails, and is not sent, if another user has signed in', async () => {
    const { auth } = await open({ authenticate: () => stepUp(auth, 'ben') });
    expect(await apis.world.until(rejection(pay(auth)))).toMatchObject({ code: 'session_changed' });
    expect(apis.received.map(({ user }) => user)).toEqual(['ada']);
  });

  it('the call fails if the user has signed out meanwhile', async () => {
    const { auth } = await open({ authenticate: () => auth.signOut() });
    expect(await apis.world.until(rejection(pay(auth)))).toMatchObject({ code: 'session_changed' });
  });

  it('the call rejects with the error of a sign-in that fails, and the next call asks again', async () => {
    const closed = new Error('the window was closed');
    let fails = true;
    const { auth } = await open({ authenticate: () => (fails ? Promise.reject(closed) : stepUp(auth)) });
    expect(await apis.world.until(rejection(pay(auth)))).toBe(closed);
    fails = false;
    expect((await apis.world.until(pay(auth))).status).toBe(200);
  });

  it('a call that is challenged again after the sign-in rejects', async () => {
    const { auth } = await open({ authenticate: () => auth.signIn(apis.tokensOf('ada', 'password')) });
    expect(await apis.world.until(rejection(pay(auth)))).toMatchObject({ code: 'step_up_required' });
    expect(apis.statuses(MAIN)).toEqual([401, 401]);
  });

  it('a call that is aborted during the sign-in rejects with its reason, and is not sent again', async () => {
    const controller = new AbortController();
    const { auth } = await open({ authenticate: async () => (controller.abort(), stepUp(auth)) });
    const call = auth.fetch('/payments', { method: 'POST', body: 'pay ', signal: controller.signal });
    expect(await apis.world.until(rejection(call))).toBe(controller.signal.reason);
    await apis.world.advance(1000);
    expect(apis.statuses(MAIN)).toEqual([401]);
  });

  it('no call is handled any more after the end', async () => {
    const { auth, end } = await open({ authenticate: () => stepUp(auth) });
    end?.();
    expect((await apis.world.until(pay(auth))).status).toBe(401);
  });
});

it.each(['authenticate', 'subjectOf'])('refuses a wrong `%s`', (field) => {
  const { auth } = apis.open();
  expect(() => handleStepUp(auth, { [field]: 'now' })).toThrow(expect.objectContaining({ code: 'invalid_config', field }));
});
