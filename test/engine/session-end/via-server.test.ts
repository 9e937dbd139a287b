import { expect, it } from 'vitest';
import { createServerSetup } from '../../support/server-setup.ts';
import { MINUTE, openLimited } from './support.ts';

it.each(['server', 'page'] as const)('the idle end of a page ends the session on the server, too (tokens: %s)', async (place) => {
  const setup = createServerSetup(place);
  const first = openLimited(setup);
  await setup.signIn(first.auth);
  const second = openLimited(setup);
  await setup.world.until(second.auth.ready());
  for (let minute = 0; minute < 10; minute++) {
    await setup.world.advance(MINUTE);
    second.limits.touch();
  }
  await setup.world.advance(14 * MINUTE);
  for (const { auth } of [first, second]) expect(auth.getSnapshot().status).toBe('signedIn');
  await setup.world.advance(2 * MINUTE);
  for (const { auth } of [first, second]) expect(auth.getSnapshot()).toMatchObject({ status: 'signedOut', endReason: 'idle' });
  expect(setup.jar.cookies).toEqual([]);
  expect(setup.asked().filter((request) => request.startsWith('sign-out'))).toHaveLength(1);
  const answer = await setup.world.until(setup.send('/auth/session', { headers: { 'sec-fetch-site': 'same-origin' } }));
  expect(await answer.json()).toMatchObject({ status: 'signedOut' });
});
