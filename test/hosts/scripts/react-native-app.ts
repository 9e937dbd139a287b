// An app of React Native: signs in at its first start, and is signed in at the next.
import { createAuthClient, type Platform } from 'unexpired/core';
import { bonfire, createBotTokens } from 'unexpired/bonfire';
import { reactNative, secureStore } from '../recipes/react-native.ts';
import { setAppState } from '../react-native/modules.ts';

const [task = '', api = ''] = process.argv.slice(2);
const protocol = bonfire({ baseUrl: `${api}/v1`, appKey: 'app-key' });
const client = (change: Partial<Platform> = {}) => createAuthClient({ protocol, storage: secureStore(), platform: { ...reactNative(), ...change } });
const control = (what: string) => fetch(`${api}/control/${what}`).then((response) => response.text());
const statusOf = async (call: Promise<Response>) => (await call).status;

const tasks: Record<string, () => Promise<unknown>> = {
  async start() {
    const auth = client();
    await auth.signIn(createBotTokens(protocol, ['ember']));
    return [auth.getSnapshot().storage, await statusOf(auth.fetch('/users/me'))];
  },
  async restart() {
    const auth = client();
    const { status, storage } = await auth.ready();
    return [status, storage, await statusOf(auth.fetch('/users/me'))];
  },
  async replay() {
    const auth = client();
    await auth.ready();
    await control('revoke');
    return Promise.all(Array.from({ length: 20 }, (_, count) => statusOf(auth.fetch(count % 2 ? '/users/me' : new Request(`${api}/v1/users/me`)))));
  },
  async refresh() {
    const auth = client();
    await auth.ready();
    return (await auth.refresh()).accessToken === auth.getSnapshot().tokens?.accessToken;
  },
  async two() {
    const clients = [client(), client()];
    await Promise.all(clients.map((auth) => auth.ready()));
    await control('revoke');
    return Promise.all(clients.map((auth) => statusOf(auth.fetch('/users/me'))));
  },
  async post() {
    const auth = client();
    await auth.ready();
    await control('revoke');
    return statusOf(auth.fetch('/users/me/posts', { method: 'POST', body: new URLSearchParams({ text: 'hello' }) }));
  },
  async wake() {
    const { now, setTimer } = reactNative();
    let sleptMs = 0;
    let isAsleep = true; // Timers of an app stand still in the background.
    const auth = client({
      now: () => ({ wall: now().wall + sleptMs, monotonic: now().monotonic + sleptMs }),
      setTimer: (callback, delayMs, isBackground) => (isBackground && isAsleep ? () => undefined : setTimer(callback, delayMs, isBackground)),
    });
    await auth.ready();
    setAppState('background');
    sleptMs = 3_600_000;
    isAsleep = false;
    const before = auth.getSnapshot().tokens?.accessToken;
    const refreshed = new Promise<void>((resolve) => void auth.subscribe(() => auth.getSnapshot().tokens?.accessToken !== before && resolve()));
    const scheduled = setTimer(() => undefined, 60_000); // The process of an app does not end.
    setAppState('active');
    await refreshed;
    scheduled();
    return statusOf(auth.fetch('/users/me'));
  },
  async abort() {
    const auth = client();
    await auth.ready();
    const controller = new AbortController();
    const call = auth.fetch('/users/me', { signal: controller.signal });
    controller.abort();
    return call.catch((error: Error) => error.name);
  },
  async dispose() {
    const auth = client();
    await auth.ready();
    auth.dispose();
    return Promise.all([auth.fetch('/users/me'), auth.getAccessToken(), auth.ready()].map((call) => (call as Promise<unknown>).catch((error: { code: string }) => error.code)));
  },
  async signOut() {
    const auth = client();
    await auth.ready();
    await auth.signOut();
    return auth.getSnapshot().status;
  },
  async readWhileWriting() {
    const [writer, reader] = [secureStore(), secureStore()];
    const texts = ['a', 'b'].map((letter) => letter.repeat(2000));
    await writer.update('key', () => texts[0]);
    const write = async (left: number): Promise<void> => writer.update('key', () => texts[left % 2]).then(() => (left > 0 ? write(left - 1) : undefined));
    const writing = write(9);
    const read = await Promise.all(Array.from({ length: 40 }, async (_, turn) => {
      for (let left = turn; left > 0; left--) await new Promise<void>((resolve) => void setTimeout(resolve, 0));
      return reader.read('key');
    }));
    await writing;
    return read.every((text) => texts.includes(`${String(text)}`));
  },
  async plain() {
    const auth = createAuthClient({ protocol }); // Without the recipe: a session in memory.
    await auth.signIn(createBotTokens(protocol, ['ember']));
    return [auth.getSnapshot().storage, await statusOf(auth.fetch('/users/me'))];
  },
};

const result = await tasks[task]?.();
console.log(JSON.stringify(result));
