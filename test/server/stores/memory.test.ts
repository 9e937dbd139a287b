import { checkStoreContract } from 'unexpired/server/testing';
import { it } from 'vitest';
import { memory } from '../../../src/server/memory.ts';

it('memory keeps the contract of a store', async () => {
  const store = memory();
  await checkStoreContract(() => store);
});
