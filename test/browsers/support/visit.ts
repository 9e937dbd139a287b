import type { Profile } from '../engines/engine.ts';
import type { PageOptions } from '../harness/harness.ts';
import type { ApiServer } from '../server/api-server.ts';
import type { PageServer } from '../server/page-server.ts';
import { harnessTab, type HarnessTab } from './harness-tab.ts';

/** What the pages of a visit are told. */
export interface VisitOptions extends Omit<PageOptions, 'api' | 'tab'> {
  /** The host name in the addresses of pages and API. */
  readonly host?: string;
}

/** Somebody at a profile of their own, with harness pages in its tabs. */
export interface Visit {
  readonly tabs: readonly HarnessTab[];
  /** The first tab. */
  readonly first: HarnessTab;
  /** Opens and closes tabs until there are so many. */
  readonly setTabs: (count: number) => Promise<void>;
  /** Closes a tab as its user would. */
  readonly closeTab: (tab: HarnessTab) => Promise<void>;
  /** Signs in at the first tab, and waits until all tabs are. */
  readonly signIn: (botId?: string) => Promise<string>;
  /** The same question to all tabs. */
  readonly askAll: <T>(question: (tab: HarnessTab) => Promise<T>) => Promise<T[]>;
  /** Reloads all tabs at once, has each make so many calls, and waits until they are loaded. */
  readonly reloadAll: (calls: number) => Promise<void>;
  /** What anybody could see of it since it was asked last. */
  readonly gather: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Opens pages in a profile.
 *
 * @param evidence gets what anybody could see of it
 */
export function openVisit(profile: Profile, pages: PageServer, api: ApiServer, evidence: string[], options: VisitOptions): Visit {
  const { host = '127.0.0.1', ...pageOptions } = options;
  const tabs: HarnessTab[] = [];
  let opened = 0;
  const askAll = <T>(question: (tab: HarnessTab) => Promise<T>) => Promise.all(tabs.map(question));

  const openTab = async () => {
    const query = new URLSearchParams({ ...pageOptions, api: `http://${host}:${api.port}/v1`, tab: String((opened += 1)) });
    const tab = harnessTab(await profile.openTab(`http://${host}:${pages.port}/page?${query}`));
    tabs.push(tab);
    await tab.untilLoaded();
  };

  const firstTab = () => {
    const [first] = tabs;
    if (!first) throw new Error('There is no tab.');
    return first;
  };

  const gather = async () => {
    evidence.push(...(await askAll((tab) => tab.ask('evidence'))), ...profile.overheard.splice(0));
  };
  const closeTab = async (tab: HarnessTab) => {
    evidence.push(await tab.ask('evidence'));
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
      await gather();
      const loads = await askAll((tab) => tab.ask('loadId'));
      const reload = firstTab().ask('conduct', [{ kind: 'reload', calls }], tabs.length - 1);
      await reload.catch(() => undefined); // The page that was asked goes away like all the others.
      await Promise.all(tabs.map((tab, index) => tab.untilLoaded(loads[index])));
    },
    gather,
    close: profile.close,
  };
}
