import { expect, it } from 'vitest';
import type { GatePlace } from '../server/gate.ts';
import { sumOf } from '../support/result.ts';
import type { HarnessTab } from '../support/harness-tab.ts';
import { openBrowserProfile, type BrowserProfile } from '../support/browser-profile.ts';
import type { Setup } from '../support/engine-setup.ts';
import type { EngineTab } from '../engines/engine.ts';
import { setUpCookies, WITH_COOKIE } from './cookie.ts';

const TABS = 3;
const CALLS = 4;
const MANY_TABS = 8;
const PLACES: [when: string, place: GatePlace][] = [
  ['before the API has processed it', 'before'],
  ['when only its answer is missing', 'after'],
];

/** A session in a cookie that ends, is replaced, or is found by a page without stored session. */
export function describeCookieSessions(setup: Setup): void {
  it.each(PLACES)('the browser has no cookie after a sign-out during a refresh, %s', async (when, place) => {
    const { profile, other, finish } = await holdRefresh(setup, place);
    await other.ask('signOut');
    await profile.askAll((tab) => tab.ask('untilSession', null));
    await finish();
    await expect.poll(() => setup.api.api.calls.filter(({ endpoint, status }) => endpoint === 'signOut' && status === 204).length).toBe(1);
    await profile.askAll((tab) => tab.ask('untilUnlocked'));
    expect(await other.ask('statusOfCookie')).toBe(401);
    expect(setup.api.api.sessions).toMatchObject([{ alive: false, reuses: 0, maxConcurrentRefreshes: 1 }]);
    await profile.reloadAll(0);
    await profile.askAll((tab) => tab.ask('untilSession', null));
    record(setup, `cookie: sign-out, refresh held ${when}`, { lived: null }, 'no cookie, and no session came back');
  });

  it.each(PLACES)('the browser has the cookie of the next user after a change of user during a refresh, %s', async (when, place) => {
    const { profile, other, finish } = await holdRefresh(setup, place);
    await other.ask('signOut');
    const signedIn = other.ask('signIn', 'cinder');
    await finish();
    await signedIn;
    const { sessionId } = await other.ask('seen');
    await profile.askAll((tab) => tab.ask('untilSession', sessionId));
    setup.api.api.revokeAccessTokens();
    await profile.first.ask('runInAllTabs', [{ kind: 'burst', name: 'next', calls: CALLS }], TABS - 1);
    const outcomes = await profile.askAll((tab) => tab.ask('burstOutcome', 'next'));
    expect(outcomes).toMatchObject(profile.tabs.map(() => ({ answered: CALLS, users: ['cinder'] })));
    expect(setup.api.api.sessions.at(-1)).toMatchObject({ botId: 'cinder', alive: true, refreshes: 1, reuses: 0 });
    const answers = outcomes.reduce((sum, { answered }) => sum + answered, 0);
    record(setup, `cookie: user switch, refresh held ${when}`, { answers, calls: TABS * CALLS, lived: true }, 'all as the next user');
  });

  it('8 tabs that are opened with a cookie and without a stored session ask once, and all are signed in', async () => {
    setUpCookies(setup);
    const { profile, requests } = await openFresh(setup, true);
    const seen = await profile.askAll((tab) => tab.ask('seen'));
    expect(seen).toMatchObject(seen.map(() => ({ status: 'signedIn', sessionId: seen[0]?.sessionId })));
    expect(setup.api.api.sessions).toMatchObject([{ alive: true, refreshes: 1, reuses: 0 }]);
    expect(requests()).toBe(1);
    await profile.close();
    record(setup, 'cookie: 8 tabs restore a session', { refreshes: 1, lived: true }, 'one request over all tabs');
  });

  it('8 tabs that are opened without a cookie ask once, and all are signed out', async () => {
    setUpCookies(setup);
    const { profile, requests } = await openFresh(setup, false);
    expect(await profile.askAll((tab) => tab.ask('seen'))).toMatchObject(profile.tabs.map(() => ({ status: 'signedOut', endReason: null })));
    expect(requests()).toBe(1);
    await profile.reloadAll(0);
    await profile.askAll((tab) => tab.ask('untilSession', null));
    expect(requests()).toBe(1);
    await profile.close();
    record(setup, 'cookie: 8 tabs of a visitor', { lived: null }, 'one request over all tabs, none after a reload');
  });
}

function record({ title, record: note, api: { api } }: Setup, scenario: string, round: { refreshes?: number; answers?: number; calls?: number; lived: boolean | null }, text: string): void {
  const { refreshes, reuses } = api.counts;
  note(sumOf(title, scenario, [{ refreshes, reuses, answers: 0, calls: 0, ...round }], text));
}

interface HeldRefresh {
  readonly profile: BrowserProfile;
  readonly other: HarnessTab;
  /** Lets the refresh end, and waits until its answer has been applied or dropped. */
  readonly finish: () => Promise<void>;
}

async function holdRefresh(setup: Setup, place: GatePlace): Promise<HeldRefresh> {
  setUpCookies(setup);
  const profile = await setup.openTabs(TABS, WITH_COOKIE);
  const [refreshing, other] = profile.tabs as [HarnessTab, HarnessTab];
  await profile.signIn();
  setup.api.api.revokeAccessTokens();
  const gate = setup.api.hold(place);
  await refreshing.ask('startBurst', 'last', CALLS);
  await gate.reached;
  const finish = async () => {
    gate.open();
    await gate.passed;
    await refreshing.ask('burstOutcome', 'last');
  };
  return { profile, other, finish };
}

/** Opens tabs in a profile that has stored nothing, and waits until each knows whether a user is signed in. */
async function openFresh(setup: Setup, hasCookie: boolean): Promise<{ profile: BrowserProfile; requests: () => number }> {
  const { engine, pages, api } = setup;
  await setup.closeProfile(); // WebKitGTK's driver runs one browser at a time.
  const opened = await engine.openProfile();
  const tab = await opened.openTab(`${pages.origin}/away`);
  if (hasCookie) await signInPastClient(tab, `${api.origin}/v1`);
  api.api.clearCalls();
  const profile = openBrowserProfile(opened, pages, api, setup.exposed, WITH_COOKIE);
  await profile.setTabs(MANY_TABS);
  await profile.askAll((each) => each.ask('untilKnown'));
  return { profile, requests: () => api.api.calls.filter(({ endpoint }) => endpoint === 'refresh').length };
}

/** Signs in as a server-side login does: the browser gets a cookie, and no page of the app has been open. */
async function signInPastClient(tab: EngineTab, api: string): Promise<void> {
  await expect.poll(() => tab.evaluate('location.pathname').catch(() => '')).toBe('/away');
  const body = `new URLSearchParams({ grant_type: 'client_credentials', bots: '["ember"]' })`;
  const status = await tab.evaluate(
    `fetch('${api}/oauth/bots', { method: 'POST', credentials: 'include', headers: { authorization: 'Bearer app-key', 'x-csrf': '1' }, body: ${body} }).then((response) => response.status)`,
  );
  expect(status).toBe(200);
}
