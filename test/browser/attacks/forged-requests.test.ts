import { afterEach, describe, expect, it } from 'vitest';
import { openScene, type Attacker, type AttackScene } from './support.ts';

let scene: AttackScene;
afterEach(() => scene.close());

/** Runs in the attacker's page: each way to send a request that a page has. Returns what the page could read. */
async function attack({ url, way }: { readonly url: string; readonly way: string }): Promise<unknown> {
  const done = (start: (settle: () => void) => void) => new Promise<void>(start);
  const read = (response: Promise<Response>) => response.then(async (answer) => (answer.type === 'opaque' ? 'opaque' : answer.text()), () => 'refused');
  const element = <K extends keyof HTMLElementTagNameMap>(name: K, fields: Partial<HTMLElementTagNameMap[K]>) => done((settle) => {
    const added = Object.assign(document.createElement(name), { onload: settle, onerror: settle }, fields);
    document.head.append(added);
  });
  const init: RequestInit = { method: 'POST', body: 'eve', credentials: 'include' };
  switch (way) {
    case 'fetch': return Promise.all(['session', 'token', 'sign-in', 'sign-out'].map((name) => read(fetch(`${url}/auth/${name}`, { ...init, mode: 'no-cors' }))));
    case 'fetch with the header': return Promise.all(['session', 'token', 'sign-in', 'sign-out'].map((name) => read(fetch(`${url}/auth/${name}`, { ...init, headers: { 'x-csrf': '1' } }))));
    case 'fetch without the header, to read': return Promise.all(['session', 'events'].map((name) => read(fetch(`${url}/auth/${name}`, { credentials: 'include' }))));
    case 'beacon': return navigator.sendBeacon(`${url}/auth/sign-out`, 'eve') && done((settle) => setTimeout(settle, 300));
    case 'image': return Promise.all(['session', 'sign-out', 'events'].map((name) => element('img', { src: `${url}/auth/${name}` })));
    case 'script': return Promise.all(['session', 'sign-out'].map((name) => element('script', { src: `${url}/auth/${name}` })));
    case 'prefetch': return element('link', { rel: 'prefetch', href: `${url}/auth/sign-out` });
    case 'WebSocket': return done((settle) => Object.assign(new WebSocket(`${url.replace('http', 'ws')}/auth/events`), { onclose: () => settle() }));
    case 'EventSource': return done((settle) => Object.assign(new EventSource(`${url}/auth/events`, { withCredentials: true }), { onerror: () => settle(), onopen: () => document.body.append('opened') }));
    default: throw new Error(way);
  }
}

const WAYS = ['fetch', 'fetch with the header', 'fetch without the header, to read', 'beacon', 'image', 'script', 'prefetch', 'WebSocket', 'EventSource'];

describe.each<[Attacker, 'Strict' | 'Lax']>([['another site', 'Strict'], ['another site', 'Lax'], ['another subdomain', 'Strict'], ['another subdomain', 'Lax']])('a page of %s, with a %s cookie', (attacker, sameSite) => {
  // claim: attack-forged-requests
  it('signs no user in or out and reads nothing, by fetch, beacon, image, script, prefetch, WebSocket and EventSource', async () => {
    scene = await openScene(attacker, { sameSite });
    await scene.signIn('ann');
    const { app, appUrl: url } = scene;
    const before = app.answered.length;
    for (const way of WAYS) {
      const seen = JSON.stringify(await scene.evil.evaluate(attack, { url, way })) ?? '';
      expect([way, /ann|signed|session"/.test(seen)]).toEqual([way, false]);
    }
    expect(await scene.evil.evaluate(() => document.body.textContent)).not.toContain('opened');
    const answered = app.answered.slice(before);
    expect(answered.length).toBeGreaterThan(8);
    expect(answered.some(({ hasCookie }) => hasCookie)).toBe(attacker === 'another subdomain'); // `SameSite` does not protect from a subdomain.
    for (const { request, status, setsCookie, opened } of answered) {
      if (request.startsWith('POST')) expect([request, status]).toEqual([request, request.endsWith('/token') ? 404 : 403]);
      expect([request, setsCookie, opened]).toEqual([request, false, []]);
    }
    expect(await scene.subject()).toBe('ann');
  });

  // claim: attack-forged-forms
  it.each(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'])('signs no user in or out by a form of %s', async (enctype) => {
    scene = await openScene(attacker, { sameSite });
    await scene.signIn('ann');
    const { app, appUrl, evil, evilUrl } = scene;
    for (const name of ['sign-out', 'sign-in', 'session']) {
      const [answer] = await Promise.all([
        evil.waitForResponse(`${appUrl}/auth/${name}`),
        evil.evaluate(({ action, type }) => {
          const form = Object.assign(document.createElement('form'), { method: 'POST', action, enctype: type });
          form.append(Object.assign(document.createElement('input'), { name: 'eve', value: 'eve' }));
          document.body.append(form);
          form.submit();
        }, { action: `${appUrl}/auth/${name}`, type: enctype }),
      ]);
      expect([name, answer.status()]).toEqual([name, 403]);
      await evil.waitForURL(`${appUrl}/auth/${name}`);
      await evil.goto(evilUrl);
    }
    expect(app.answered.filter(({ setsCookie }) => setsCookie)).toHaveLength(1);
    expect(await scene.subject()).toBe('ann');
  });

  // claim: attack-navigation
  it('changes nothing by a navigation or a frame', async () => {
    scene = await openScene(attacker, { sameSite });
    await scene.signIn('ann');
    const { appUrl, evil, evilUrl } = scene;
    for (const name of ['sign-out', 'session', 'token']) {
      await evil.evaluate((url) => new Promise<void>((settle) => document.body.append(Object.assign(document.createElement('iframe'), { src: url, onload: () => settle() }))), `${appUrl}/auth/${name}`);
      await evil.evaluate((url) => void location.assign(url), `${appUrl}/auth/${name}`);
      await evil.waitForURL(`${appUrl}/auth/${name}`);
      await evil.goto(evilUrl);
    }
    expect(await scene.subject()).toBe('ann');
  });
});
