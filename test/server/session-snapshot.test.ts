import { describe, expect, it } from 'vitest';
import { createInstances, requestWith } from './support/instances.ts';

const APP = 'https://app.example.com/';

/** Returns the snapshot of a request with a value of `Sec-Fetch-Site`, by a browser that has a session or not. */
async function snapshotOf(site: string | null, { hasCookie = false, sameSite = 'Strict' as 'Strict' | 'Lax', method = 'GET' } = {}) {
  const { world, server, start } = createInstances();
  const sessions = start({ cookie: { sameSite } });
  const { setCookie } = await world.until(sessions.signIn(server.grant('ann')));
  const request = hasCookie ? requestWith(setCookie, APP, { method }) : new Request(APP, { method });
  if (site !== null) request.headers.set('sec-fetch-site', site);
  return (await world.until(sessions.of(request))).snapshot();
}

describe('the snapshot of a request without a cookie', () => {
  it.each(['none', 'same-origin', 'same-site'])('is certain if the request is of the site %s', async (site) => {
    expect(await snapshotOf(site)).toEqual({ status: 'signedOut', session: null, subject: null, expiresAt: null, endReason: null });
  });

  it.each(['cross-site', null])('is uncertain if the request is of the site %s, because the browser may have kept a strict cookie back', async (site) => {
    expect(await snapshotOf(site)).toMatchObject({ status: 'signedOut', isUncertain: true });
  });

  it('is certain for a lax cookie, which is sent with a link from another site, but not with a form', async () => {
    expect(await snapshotOf('cross-site', { sameSite: 'Lax' })).not.toHaveProperty('isUncertain');
    expect(await snapshotOf('cross-site', { sameSite: 'Lax', method: 'POST' })).toMatchObject({ isUncertain: true });
  });
});

it('the snapshot of a request with a cookie is certain', async () => {
  expect(await snapshotOf('cross-site', { hasCookie: true })).not.toHaveProperty('isUncertain');
});
