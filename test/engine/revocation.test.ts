import { beforeEach, expect, it } from 'vitest';
import type { Exchange } from '../support/world.ts';
import { BASE_URL, createScene, type Scene } from '../support/scene.ts';

let scene: Scene;
let sent: Exchange[];
beforeEach(() => {
  scene = createScene();
  sent = [];
  scene.world.onExchange = (exchange) => void (exchange.url.endsWith('/revoke') && !sent.includes(exchange) && sent.push(exchange));
});

async function signedIn() {
  const { protocol } = scene;
  const revokeRequest = ({ refreshToken = '' }) => ({ url: `${BASE_URL}/revoke`, method: 'POST' as const, headers: {}, body: refreshToken, secrets: [refreshToken] });
  const opened = scene.open({ protocol: { ...protocol, revokeRequest } });
  await scene.signIn(opened.auth);
  return opened;
}

it('signing out revokes the tokens, without waiting for it', async () => {
  const { auth } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  scene.world.latencyMs = 5000;
  const startedAt = scene.world.now();
  await scene.world.until(auth.signOut());
  expect(scene.world.now() - startedAt).toBeLessThan(100);
  expect(sent.map(({ body }) => body)).toEqual([refreshToken]);
});

it('signing out goes well where revoking fails, and the developer is told without a token', async () => {
  const { auth, tab } = await signedIn();
  const { refreshToken } = auth.getSnapshot().tokens!;
  scene.world.indiscreet = true;
  scene.world.faultOf = () => 'dropBefore';
  await scene.world.until(auth.signOut());
  await scene.world.advance(100);
  expect(auth.getSnapshot().status).toBe('signedOut');
  expect(tab.warnings).toEqual([expect.stringContaining('could not be revoked')]);
  expect(tab.warnings.join()).not.toContain(refreshToken?.slice(-20));
});

it('signing out where nobody is signed in revokes nothing', async () => {
  const { auth } = await signedIn();
  await scene.world.until(auth.signOut());
  await scene.world.until(auth.signOut());
  await scene.world.advance(100);
  expect(sent).toHaveLength(1);
});
