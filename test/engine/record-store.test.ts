import { memory } from 'unexpired/core';
import { expect, it } from 'vitest';
import { signInChange } from '../../src/core/model/record-change.ts';
import { EMPTY_RECORD, type Session, type StorageRecord } from '../../src/core/model/storage-record.ts';
import { createRecordStore } from '../../src/core/session/record-store.ts';
import { createSetup } from '../support/setup.ts';

function sessionOf(sessionId: string): Session {
  const tokens = { accessToken: 'a', refreshToken: 'r', expiresAt: null, scopes: [] };
  return { sessionId, generation: 1, tokens, receipt: { receivedAt: 0, lifetimeMs: null, clockOffset: 0 } };
}

it('a page that signs users in again and again keeps the ids of the last two sessions only', async () => {
  const { platform } = createSetup().world.openTab();
  let known: StorageRecord = EMPTY_RECORD;
  const records = createRecordStore({ platform, storage: memory(), key: 'k', accessToken: 'stored', known: () => known, onWorking: () => undefined });
  for (let index = 0; index < 10; index++) known = (await records.write(signInChange(sessionOf(`session-${index}`), known.epoch, index), true)).record;
  const kept = Array.from({ length: 10 }, (_, index) => index).filter((index) => !records.isPrivate(`session-${index}`));
  expect(kept).toEqual([8, 9]);
});
