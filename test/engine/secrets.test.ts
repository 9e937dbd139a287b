import { memory, type AuthStorage } from 'unexpired/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { BASE_URL, createSetup, type Setup } from '../support/setup.ts';

let setup: Setup;
beforeEach(() => {
  setup = createSetup();
});

describe('no token value', () => {
  // claim: no-foreign-text
  it.each(['signed in', 'still loading'])('appears in the warning about a storage whose error quotes the record (%s)', async (moment) => {
    const inner = memory();
    let isBroken = false;
    const storage: AuthStorage = {
      ...inner,
      read: async (key) => {
        const text = await inner.read(key);
        if (isBroken) throw new Error(`cannot read ${JSON.stringify({ text })}`);
        return text;
      },
    };
    const opened = setup.open({ storage });
    await setup.world.until(opened.auth.signIn({ accessToken: 'a!cc3ss~token', refreshToken: 'M.C5_BAY!r3fresh~t(o)ken', expiresAt: null, scopes: [] }));
    isBroken = true;
    const { auth, tab } = moment === 'signed in' ? opened : setup.open({ storage });
    auth.subscribe(() => undefined);
    tab.wake('focus');
    await setup.world.advance(100);
    expect(tab.warnings).toEqual(['unexpired: the session is kept in memory, because memory failed: Error']);
    expect(tab.reports.map(String)).toEqual([expect.stringMatching(/^Error: cannot read/)]);
  });

  it('appears in the warning about a failed revocation whose error quotes the request', async () => {
    const { platform, warnings } = setup.world.openTab();
    const secret = 'cl13nt~s3cret';
    const { auth } = setup.open({
      protocol: { ...setup.protocol, revokeRequest: ({ accessToken }) => ({ url: `${BASE_URL}/revoke`, method: 'POST', headers: {}, body: `${secret} ${accessToken}` }) },
      platform: { ...platform, fetch: (_, init) => Promise.reject(new Error(`cannot send "${String(init?.body)}"`)) },
    });
    await setup.world.until(auth.signIn({ accessToken: 'a!cc3ss~token', expiresAt: null, scopes: [] }));
    await setup.world.until(auth.signOut());
    await setup.world.advance(100);
    expect(warnings).toEqual(['unexpired: the session has ended, but its tokens could not be revoked: Error']);
  });
});
