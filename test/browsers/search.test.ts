import { describe, expect, it } from 'vitest';
import { describeEngines, findEngines } from './engines/search.ts';

const onlyThese = (...paths: string[]) => (path: string) => paths.includes(path);

describe('findEngines', () => {
  it('uses the installed engines, and describeEngines says how to install the others', () => {
    const found = findEngines({}, onlyThese('/usr/bin/chromium', '/usr/bin/firefox-esr'));
    expect(found).toEqual({ chromium: '/usr/bin/chromium', firefox: '/usr/bin/firefox-esr' });
    expect(describeEngines(found)).toMatch(/^Chromium \(\/usr\/bin\/chromium\), Firefox .*no WebKitGTK: install it by `apt-get install webkit2gtk-driver xvfb xauth`/);
  });

  it('throws without Chromium and names the commands that install it', () => {
    expect(() => findEngines({}, onlyThese('/usr/bin/firefox'))).toThrow(/no Chromium: install it by `apt-get install chromium`/);
  });

  it('throws when a required engine is missing or unknown', () => {
    const exists = onlyThese('/usr/bin/chromium', '/usr/bin/WebKitWebDriver');
    expect(() => findEngines({ BROWSERS_REQUIRED: 'chromium,firefox,webkit' }, exists)).toThrow(/no Firefox: .*; there is no WebKitGTK: /);
    expect(() => findEngines({ BROWSERS_REQUIRED: 'opera' }, exists)).toThrow(/chromium, firefox, webkit, separated by commas, not "opera"/);
  });

  it('throws when the environment names an engine that is not there', () => {
    expect(() => findEngines({ FIREFOX_PATH: '/opt/firefox' }, onlyThese('/usr/bin/chromium', '/usr/bin/firefox'))).toThrow(/FIREFOX_PATH names \/opt\/firefox, and there is no such file/);
  });
});
