import fc from 'fast-check';
import { expect, it } from 'vitest';
import { story } from './story.ts';
import { tell, type Told } from './tell.ts';

const RUNS = Number(process.env['SIMULATION_RUNS'] ?? 150);
const SEED = process.env['SIMULATION_SEED'];

async function checkInvariants(told: Told): Promise<void> {
  const { api, world } = told.scene;
  const stored = JSON.stringify([...world.storage.values.values()]);

  expect(api.counts.maxConcurrentRefreshes, 'at most one refresh of a session is in flight').toBeLessThanOrEqual(1);
  if (!told.killed) expect(api.counts.reuses, 'no rotated refresh token is sent again').toBe(0);

  for (const { path, settled, madeBy } of told.calls) {
    const sends = api.calls.filter((call) => call.path.endsWith(path));
    expect(sends.length, `${path} is sent twice at most`).toBeLessThanOrEqual(2);
    expect(new Set(sends.map(({ botId }) => botId)).size, `${path} goes out for one user alone`).toBeLessThanOrEqual(1);
    if (!told.killed) expect(settled, `${path} of ${madeBy} settles`).toBe(true);
  }
  if (!told.mayBeRejected) expect(api.counts.rejections, 'no expired token is sent').toBe(0);
  expect(JSON.stringify(told.posted), 'no token is broadcast').not.toContain('eyJ');

  const snapshots = told.clients.map((client) => client.getSnapshot());
  if (told.shouldLive) {
    expect(snapshots.map(({ status }) => status), 'no session is lost').toEqual(snapshots.map(() => 'signedIn'));
    expect(new Set(snapshots.map(({ sessionId }) => sessionId)).size, 'all tabs have the same session').toBe(1);
    const responses = await world.until(Promise.all(told.clients.map((client) => client.fetch('/users/me'))));
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
  } else {
    expect(snapshots.map(({ status, tokens }) => [status, tokens]), 'no session comes back').toEqual(snapshots.map(() => ['signedOut', null]));
    expect(stored, 'no token stays stored').not.toContain('eyJ');
  }
}

it(
  `keeps every invariant in ${RUNS} simulated worlds of many tabs, broken networks, wrong clocks and dying tabs`,
  async () => {
    const property = fc.asyncProperty(story, async (drawn) => checkInvariants(await tell(drawn)));
    await fc.assert(property, { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) });
  },
  Math.max(120_000, RUNS * 1000),
);
