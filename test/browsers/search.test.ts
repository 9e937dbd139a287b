import { describe, expect, it } from 'vitest';
import { describeEngines, findEngines } from './engines/search.ts';

const there = (...paths: string[]) => (path: string) => paths.includes(path);

describe('looking for the engines', () => {
  it('uses those that are there, and says how to get the others', () => {
    const found = findEngines({}, there('/usr/bin/chromium', '/usr/bin/firefox-esr'));
    expect(found).toEqual({ chromium: '/usr/bin/chromium', firefox: '/usr/bin/firefox-esr' });
    expect(describeEngines(found)).toMatch(/^Chromium \(\/usr\/bin\/chromium\), Firefox .*no WebKitGTK: install it by `apt-get install webkit2gtk-driver xvfb xauth`/);
  });

  it('stops without Chromium, with the commands that install it', () => {
    expect(() => findEngines({}, there('/usr/bin/firefox'))).toThrow(/no Chromium: install it by `apt-get install chromium`/);
  });

  it('stops when a required engine is missing, or is no engine', () => {
    const exists = there('/usr/bin/chromium', '/usr/bin/WebKitWebDriver');
    expect(() => findEngines({ BROWSERS_REQUIRED: 'chromium,firefox,webkit' }, exists)).toThrow(/no Firefox: .*; there is no WebKitGTK: /);
    expect(() => findEngines({ BROWSERS_REQUIRED: 'opera' }, exists)).toThrow(/chromium, firefox, webkit, separated by commas, not "opera"/);
  });

  it('stops when the environment names an engine that is not there', () => {
    expect(() => findEngines({ FIREFOX_PATH: '/opt/firefox' }, there('/usr/bin/chromium', '/usr/bin/firefox'))).toThrow(/FIREFOX_PATH names \/opt\/firefox, and there is no such file/);
  });
});
