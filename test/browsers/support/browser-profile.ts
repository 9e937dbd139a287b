import { STRETCH } from '../../support/pace.ts';
import type { Profile } from '../engines/engine.ts';
import type { PageOptions } from '../harness/harness.ts';
import type { ApiServer } from '../server/api-server.ts';
import type { PageServer } from '../server/page-server.ts';
import { harnessTab, type HarnessTab } from './harness-tab.ts';

/** The options of the pages in a profile. */
export interface ProfileOptions extends Omit<PageOptions, 'api' | 'tab' | 'stretch'> {
  /** The factor of the client's own deadlines; by default long enough for a slow machine. */
  readonly stretch?: string;
  /** The host name in the addresses of pages and API. */
  readonly host?: string;
}

/** A browser profile with the harness page in each of its tabs. */
export interface BrowserProfile {
  readonly tabs: readonly HarnessTab[];
  /** The first tab. */
  readonly first: HarnessTab;
  /** Opens or closes tabs until this many are open. */
  readonly setTabs: (count: number) => Promise<void>;
  /** Closes a tab as a user would. */
  readonly closeTab: (tab: HarnessTab) => Promise<void>;
  /** Signs in at the first tab, and waits until all tabs are signed in. */
  readonly signIn: (botId?: string) => Promise<string>;
  /** Calls a function for each tab, and returns all results. */
  readonly askAll: <T>(call: (tab: HarnessTab) => Promise<T>) => Promise<T[]>;
  /** Reloads all tabs at the same time, makes this many calls in each, and waits until all are loaded. */
  readonly reloadAll: (calls: number) => Promise<void>;
  /** Collects what the pages have exposed since the last time. */
  readonly collect: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Opens pages in a profile.
 *
 * @param exposed receives what the pages expose
 */
export function openBrowserProfile(profile: Profile, pages: PageServer, api: ApiServer, exposed: string[], options: ProfileOptions): BrowserProfile {
  const { host = '127.0.0.1', ...pageOptions } = options;
  const tabs: HarnessTab[] = [];
  let opened = 0;
  const askAll = <T>(call: (tab: HarnessTab) => Promise<T>) => Promise.all(tabs.map(call));

  const openTab = async () => {
    const query = new URLSearchParams({ stretch: String(STRETCH), ...pageOptions, api: `http://${host}:${api.port}/v1`, tab: String((opened += 1)) });
    const tab = harnessTab(await profile.openTab(`http://${host}:${pages.port}/page?${query}`));
    tabs.push(tab);
    await tab.untilLoaded();
  };

  const firstTab = () => {
    const [first] = tabs;
    if (!first) throw new Error('There is no tab.');
    return first;
  };

  const collect = async () => {
    exposed.push(...(await askAll((tab) => tab.ask('exposedText'))), ...profile.output.splice(0));
  };
  const closeTab = async (tab: HarnessTab) => {
    exposed.push(await tab.ask('exposedText'));
    tabs.splice(tabs.indexOf(tab), 1);
    await tab.close();
  };

  return {
    tabs,
    get first() {
      return firstTab();
    },
    setTabs: async (count) => {
      await Promise.all(tabs.slice(count).map(closeTab));
      await Promise.all(Array.from({ length: count - tabs.length }, openTab));
    },
    closeTab,
    signIn: async (botId = 'ember') => {
      await firstTab().ask('signIn', botId);
      const { sessionId } = await firstTab().ask('seen');
      await askAll((tab) => tab.ask('untilSession', sessionId));
      return sessionId ?? '';
    },
    askAll,
    reloadAll: async (calls) => {
      await collect();
      const loads = await askAll((tab) => tab.ask('loadId'));
      const reload = firstTab().ask('runInAllTabs', [{ kind: 'reload', calls }], tabs.length - 1);
      await reload.catch(() => undefined); // The page that runs this is reloaded like all the others.
      await Promise.all(tabs.map((tab, index) => tab.untilLoaded(loads[index])));
    },
    collect,
    close: profile.close,
  };
}
