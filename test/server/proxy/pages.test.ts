import { describe, expect, it } from 'vitest';
import { createServerSetup } from '../../support/server-setup.ts';

const LARGE = 'x'.repeat(80 * 1024);

describe('a page whose server keeps the tokens', () => {
  // claim: proxy-page-replays
  it('sends a large body once more itself, after the server has refreshed', async () => {
    const { world, server, open, signIn, calls } = createServerSetup();
    const { auth } = open();
    await signIn(auth);
    server.revoke('ann-access-1');
    const answer = await world.until(auth.fetch('/upload', { method: 'POST', body: LARGE }));
    expect([answer.status, calls().map(({ status }) => status)]).toEqual([200, [401, 200]]);
    expect([server.sent, server.accepted, server.refused]).toEqual([['ann-refresh-1'], ['ann-access-2'], ['ann-access-1']]);
  });

  it('goes on after the API has rejected a large stream, which it cannot send again', async () => {
    const { world, server, open, signIn } = createServerSetup();
    const { auth } = open();
    await signIn(auth);
    server.revoke('ann-access-1');
    const upload = () => auth.fetch('/upload', { method: 'POST', body: new Blob([LARGE]).stream(), duplex: 'half' } as RequestInit);
    const first = await world.until(upload());
    expect([first.status, first.headers.get('x-session-error'), await first.json()]).toEqual([401, 'body_not_replayed', { error: 'body_not_replayed' }]);
    expect((await world.until(upload())).status).toBe(200);
    expect(auth.getSnapshot().status).toBe('signedIn');
  });

  it('sends nothing as a user who has signed in since, and shows that user then', async () => {
    const { world, server, open, signIn, signInByServer } = createServerSetup();
    const { auth } = open();
    await signIn(auth, 'ann');
    await signInByServer('bob');
    const error = await world.until(auth.fetch('/posts', { method: 'POST', body: 'of Ann' }).catch((reason: unknown) => reason));
    expect(error).toMatchObject({ code: 'session_changed' });
    expect(server.accepted.filter((token) => token.startsWith('bob'))).toEqual([]);
    expect((await world.until(auth.fetch('/posts'))).status).toBe(200);
    expect(server.accepted.at(-1)).toBe('bob-access-1');
  });
});
