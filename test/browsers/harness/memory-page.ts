import { createAuthClient } from 'unexpired/core';
import { offerEndurance } from './endurance.ts';
import { countHandles } from './handles.ts';
import { localConfig, someTokens } from './local-client.ts';

const handles = countHandles();
const client = createAuthClient(localConfig());
const stop = client.subscribe(() => undefined);

offerEndurance(handles, {
  async signInAndOut(round) {
    await client.signIn(someTokens(round));
    await client.fetch('/posts');
    await client.refresh();
    await client.signOut();
  },
  async createAndDispose(round) {
    const short = createAuthClient(localConfig());
    const release = short.subscribe(() => undefined);
    await short.signIn(someTokens(round));
    await short.fetch('/posts');
    release();
    short.dispose();
  },
  async stop() {
    stop();
    client.dispose();
  },
});
