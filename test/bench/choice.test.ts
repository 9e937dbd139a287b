import { expect, it } from 'vitest';
import { everyPeer, onlyPeers } from '../../bench/scenarios/choice.ts';

const TABLE = ['bare', 'shared', 'unexpired', 'ky'] as const;

it('everyPeer chooses all peers of a table', () => {
  expect(everyPeer(TABLE, ['bare'])).toEqual(TABLE);
});

it('onlyPeers chooses the wanted peers in the order of the table', () => {
  expect(onlyPeers(['ky', 'unexpired', 'axa'])(TABLE)).toEqual(['unexpired', 'ky']);
});

it('onlyPeers adds the peers that ratios refer to', () => {
  expect(onlyPeers(['unexpired'])(TABLE, ['bare', 'shared'])).toEqual(['bare', 'shared', 'unexpired']);
});

it('onlyPeers chooses nothing if a table has none of the wanted peers', () => {
  expect(onlyPeers(['axa'])(TABLE, ['bare'])).toEqual([]);
});
