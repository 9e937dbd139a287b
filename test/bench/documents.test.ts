import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { PEER_NAMES, type PeerName } from '../../bench/peers/names.ts';
import { renderDocuments } from '../../bench/report/documents.ts';
import type { Results } from '../../bench/report/results.ts';

let results: Results;
beforeAll(async () => {
  results = JSON.parse(await readFile(new URL('../../bench/results/bench.json', import.meta.url), 'utf8')) as Results;
});

/** The peers that keep a session and were measured. */
const measured = () => results.tables.find(({ id }) => id === 'tabs-expired')?.rows.map(({ peer }) => peer) ?? [];

/** Peers that were added after the last run of the benchmark. */
const NOT_MEASURED_YET: readonly PeerName[] = [];

/** The names in the first column of the scoreboard. */
const rowsOf = (text: string) => [...(/<[!]-- bench: scoreboard -->\n([^]*?)<[!]-- \/bench -->/.exec(text)?.[1] ?? '').matchAll(/^\| ([^|]*?) \|/gm)].map(([, name = '']) => name).slice(2);

it('the results have all peers but those that were added later', () => {
  expect(measured()).toEqual(PEER_NAMES.filter((peer) => peer !== 'bare' && !NOT_MEASURED_YET.includes(peer)));
});

describe('the documents that show figures', () => {
  it('show the committed results', async () => {
    for (const { before, after } of await renderDocuments(results)) expect(before).toBe(after);
  });

  it('have four rows of the scoreboard in the README, and all of them in bench/README.md', async () => {
    const [readme, all] = (await renderDocuments(results)).map(({ after }) => rowsOf(after));
    expect(readme).toEqual(['**unexpired**', 'by hand, one shared refresh', 'axios + axios-auth-refresh', '@auth0/auth0-spa-js']);
    expect(all).toHaveLength(measured().length);
  });
});

it('the README claims to be the only one of all that kept every session and answered every call, which the results show', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`Of ${measured().length} libraries and wrappers in one run, it is the only one that kept every session and answered every call`);
  expect(readme).toContain(`[All ${measured().length} rows`);
  const isWhole = (peer: string) =>
    results.tables.every(({ columns, rows }) => {
      const cells = rows.find((row) => row.peer === peer)?.cells ?? {};
      const sent = columns.find(({ title }) => title.startsWith('answers of '))?.title.slice('answers of '.length);
      const keptAll = cells['lived'] === undefined || cells['lived'] === null || /^(\d+) of \1$/.test(String(cells['lived']));
      return keptAll && (sent === undefined || String(cells['ok']) === sent);
    });
  expect(measured().filter(isWhole)).toEqual(['unexpired']);
});
