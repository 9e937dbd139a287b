import { CASES } from '../cases.ts';
import { DIFFERENCES } from '../differences.ts';
import type { RunCase, RunDrawn, Way } from '../ways.ts';
import { seenError } from './case.ts';
import { runDrawn } from './drawn.ts';
import { home, open, other } from './open.ts';

declare global {
  interface Window {
    runCase: RunCase;
    runDrawn: RunDrawn;
    /** Sends a keepalive call when the page is left. */
    sendAtTheEnd: (way: Way, id: string) => Promise<void>;
  }
}

const unhandled: unknown[] = [];
let runs = 0;

window.addEventListener('unhandledrejection', (event) => unhandled.push(seenError(event.reason)));

window.runCase = async (name, way) => {
  const found = [...CASES, ...DIFFERENCES].find((one) => one.name === name);
  if (!found) throw new Error(`There is no case "${name}".`);
  runs += 1;
  const id = `${runs}.${Math.random()}`;
  const { fetch: fetchOfWay, bare, auth, refreshes, reached } = await open(way, `${way}:${runs}`);
  const until = async (event: string) => void (await fetch(`${home}/until?${event}`));
  const context = {
    fetch: fetchOfWay,
    bare,
    home: `${home}/v1`,
    other: `${other}/v1`,
    stranger: `${home.replace('127.0.0.1', 'localhost')}/v1`,
    id,
    emit: async (event: string) => void (await fetch(`${home}/emit?${event}`)),
    until,
    reached: reached ?? (() => until(`arrived:${id}`)),
  };
  const outcome = await found.run(context).catch(seenError);
  await fetch(`${home}/emit?end`); // Unhandled rejections are reported in a later task.
  auth?.dispose();
  const result = JSON.stringify({ outcome, unhandled: unhandled.splice(0) }).replaceAll(id, 'ID');
  return { ...(JSON.parse(result) as { outcome: unknown; unhandled: unknown[] }), refreshes: refreshes() };
};

window.runDrawn = async (...args) => {
  const drawn = await runDrawn(...args);
  const errors = unhandled.splice(0).map((error) => ({ call: 'unhandled', natively: null, ours: error }));
  return { ...drawn, differences: [...drawn.differences, ...errors] };
};

window.sendAtTheEnd = async (way, id) => {
  const { fetch: fetchOfWay } = await open(way, `${way}:${id}`);
  window.addEventListener('pagehide', () => void fetchOfWay(`kept?id=${id}`, { method: 'POST', body: 'last words', keepalive: true }));
};
