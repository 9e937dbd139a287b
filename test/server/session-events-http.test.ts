import { EventSource } from 'eventsource';
import { memory, type SessionSnapshot } from 'unexpired/server';
import { afterEach, describe, expect, it } from 'vitest';
import { startApp, type AttackedApp } from './attacks/support/app.ts';
import { until } from './support/until.ts';

const apps: AttackedApp[] = [];
afterEach(async () => void (await Promise.all(apps.splice(0).map((app) => app.close()))));

async function start(...args: Parameters<typeof startApp>): Promise<AttackedApp> {
  const app = await startApp(...args);
  apps.push(app);
  return app;
}

/** Opens an `EventSource` as a page of the app does. */
function watch(app: AttackedApp, cookie: string) {
  const events: SessionSnapshot[] = [];
  const source = new EventSource(`${app.origin}/auth/events`, { fetch: (url, init) => fetch(url, { ...init, headers: { ...init.headers, cookie, 'sec-fetch-site': 'same-origin' } }) });
  source.addEventListener('session', ({ data }) => void events.push(JSON.parse(data as string) as SessionSnapshot));
  return { source, events };
}

describe('GET /auth/events over HTTP', () => {
  it('sends an EventSource of another instance the end of its session', async () => {
    const store = memory();
    const [one, other] = [await start({}, store), await start({}, store)];
    const cookie = await one.signIn('ann');
    const { source, events } = watch(other, cookie);
    await until('the first event', () => events.length === 1);
    await one.sessions.endAll('ann');
    await until('the end', () => events.length === 2);
    source.close();
    expect(events).toMatchObject([{ status: 'signedIn', subject: 'ann' }, { status: 'signedOut', endReason: 'sign_out' }]);
  });

  it('releases what it holds when the browser goes away', async () => {
    const store = memory();
    let watches = 0;
    const app = await start({}, { ...store, watch: (key, onChange) => {
      const release = store.watch!(key, onChange);
      watches += 1;
      return () => void ((watches -= 1), release());
    } });
    const { source, events } = watch(app, await app.signIn('ann'));
    await until('the first event', () => events.length === 1);
    expect(watches).toBe(1);
    source.close();
    await until('the release', () => watches === 0);
  });
});
