// A script as a user writes it for Node. It never disposes of its client. The first argument names what it does.
import { createAuthClient, memory, observe, type AuthStorage, type TokenSet } from 'unexpired/core';
import { oauth2 } from 'unexpired/oauth2';

const [task = '', api = ''] = process.argv.slice(2);

const full: AuthStorage = { name: 'full', read: () => Promise.resolve(undefined), update: () => Promise.reject(new DOMException('', 'QuotaExceededError')) };

const open = (storage?: AuthStorage) =>
  createAuthClient({
    protocol: oauth2({ tokenEndpoint: `${api}/token`, clientId: 'script', resourceOrigins: [api], revocationEndpoint: `${api}/revoke` }),
    storage,
    storageKey: 'script',
  });

const tokensFor = (lifeMs: number): TokenSet => ({ accessToken: 'access', refreshToken: 'refresh', expiresAt: Date.now() + lifeMs, scopes: [] });

const tasks: Record<string, () => Promise<unknown>> = {
  async call() {
    const auth = open();
    await auth.signIn(tokensFor(3_600_000));
    return (await auth.fetch(`${api}/orders`)).status;
  },
  async listen() {
    const auth = open(memory());
    auth.subscribe(() => undefined);
    observe(auth, () => undefined);
    await auth.signIn(tokensFor(3_600_000));
    return auth.getSnapshot().status;
  },
  async share() {
    const [first, second] = [open(memory()), open(memory())];
    await Promise.all([first.ready(), second.signIn(tokensFor(3_600_000))]);
    return second.getSnapshot().status;
  },
  async refresh() {
    const auth = open();
    await auth.signIn(tokensFor(-1));
    return (await auth.fetch(`${api}/orders`)).status;
  },
  async fail() {
    const auth = open();
    await fetch(`${api}/break`);
    await auth.signIn(tokensFor(1000));
    await fetch(`${api}/refresh-failed`); // The server answers after it has refused the scheduled refresh.
    return auth.getSnapshot().status;
  },
  async wait() {
    const auth = open();
    await auth.signIn(tokensFor(-1));
    await fetch(`${api}/break-once`);
    return (await auth.fetch(`${api}/orders`)).status;
  },
  async full() {
    const auth = open(full);
    await auth.signIn(tokensFor(3_600_000));
    return auth.getSnapshot().storage;
  },
  async signOut() {
    const auth = open();
    await auth.signIn(tokensFor(3_600_000));
    await auth.signOut();
    return auth.getSnapshot().status;
  },
};

console.log(await tasks[task]?.());
