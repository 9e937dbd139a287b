import { expect, it } from 'vitest';
import { findServer } from '../support/programs.ts';

const onlyThese = (...paths: string[]) => (path: string) => paths.includes(path);
const REDIS = ['/usr/bin/redis-server', '/usr/bin/redis-cli'];

it('finds a server in the PATH, in the folders of Debian, or where the environment names it', () => {
  expect(findServer('redis', { PATH: '/bin:/usr/bin' }, onlyThese(...REDIS), [])).toBe('/usr/bin');
  expect(findServer('postgres', { PATH: '/bin' }, onlyThese('/pg/15/postgres', '/pg/15/initdb'), ['/pg/16', '/pg/15'])).toBe('/pg/15');
  expect(findServer('redis', { REDIS_BIN: '/own', PATH: '/usr/bin' }, onlyThese('/own/redis-server', '/own/redis-cli', ...REDIS), [])).toBe('/own');
});

it('finds no server if one of its programs is missing, and throws with the commands if it is required', () => {
  expect(findServer('redis', { PATH: '/usr/bin' }, onlyThese('/usr/bin/redis-server'), [])).toBe(null);
  expect(() => findServer('redis', { STORES_REQUIRED: 'redis,postgres' }, onlyThese(), [])).toThrow('There is no Redis: install it by `apt-get install redis-server` or `brew install redis`, or set REDIS_BIN');
  expect(() => findServer('redis', { STORES_REQUIRED: 'mysql' }, onlyThese(), [])).toThrow('STORES_REQUIRED must list some of redis, postgres, separated by commas, not "mysql".');
  expect(() => findServer('redis', { REDIS_BIN: '/own' }, onlyThese(...REDIS), [])).toThrow('REDIS_BIN names /own, and redis-server or redis-cli is not there.');
});
