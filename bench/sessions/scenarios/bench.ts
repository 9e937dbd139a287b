import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startAuthority, type Authority } from '../authority/server.ts';
import { APP_ORIGIN, Browser, type Answer } from '../browser/client.ts';
import { CookieJar } from '../browser/jar.ts';
import { setClockOffset } from '../clock.ts';
import { startApi, type PlainApi } from '../instances/plain-api.ts';
import type { Processes, Instance } from '../instances/instances.ts';
import { startPostgres, startRedis, type Service } from '../instances/services.ts';
import type { Settings } from '../instances/settings.ts';
import { peerNamed } from '../peers/index.ts';

/** The life of an access token, ms. */
const LIFE_MS = 3_600_000;

/** The servers and processes that all scenarios use. */
export class Bench {
  readonly processes: Processes;
  readonly authority: Authority;
  readonly browser: Browser;
  readonly redis: Redis;
  readonly api: PlainApi;
  readonly services: { readonly redis: Service; readonly postgres: Service | null };
  readonly #program: string;
  readonly #folder: string;
  #clockMs = 0;
  #usesStoreClock = false;
  #expiresAt = 0;

  private constructor(parts: Pick<Bench, 'processes' | 'authority' | 'api' | 'services'>, program: string) {
    this.processes = parts.processes;
    this.authority = parts.authority;
    this.api = parts.api;
    this.services = parts.services;
    this.browser = new Browser(parts.authority.certificate);
    this.redis = new Redis(parts.services.redis.port, '127.0.0.1');
    this.#program = program;
    this.#folder = parts.processes.folder();
    writeFileSync(this.#certificate(), parts.authority.certificate);
  }

  static async start(processes: Processes, program: string): Promise<Bench> {
    const redis = await startRedis(processes);
    const postgres = await startPostgres(processes);
    return new Bench({ processes, authority: await startAuthority(), api: await startApi(), services: { redis, postgres } }, program);
  }

  versions(): string {
    const { redis, postgres } = this.services;
    return `Redis ${redis.version}${postgres ? `, Postgres ${postgres.version}` : ''}`;
  }

  async stop(): Promise<void> {
    this.browser.close();
    this.redis.disconnect();
    await this.authority.close();
    await this.api.close();
    await this.services.redis.stop();
    await this.services.postgres?.stop();
  }

  /** Starts instances of a peer. The first starts before the others, because it may create tables. */
  async instances(peer: string, count: number): Promise<Instance[]> {
    this.#usesStoreClock = peerNamed(peer).usesStoreClock ?? false;
    if (this.#usesStoreClock) this.#setClock(0);
    const one = () => this.processes.instance(this.#program, this.#settings(peer), this.#certificate());
    const first = await one();
    return [first, ...(await Promise.all(Array.from({ length: count - 1 }, one)))];
  }

  /** Empties Redis and the authorization server, so that the next round begins anew. */
  async reset(): Promise<void> {
    this.authority.sessions.reset();
    await this.redis.flushall();
  }

  /** Lets time pass until this much of the life of the access token is left, ms; a negative number if it has expired. */
  async passUntil(leftMs: number, instances: readonly Instance[]): Promise<void> {
    const ms = this.msUntil(leftMs);
    if (this.#usesStoreClock) return wait(ms);
    this.#setClock(this.#clockMs + ms);
    await Promise.all(instances.map((instance) => instance.ask({ type: 'clock', offsetMs: this.#clockMs })));
  }

  /** How long `passUntil` takes, ms: of the clock that it moves, or of real time. */
  msUntil(leftMs: number): number {
    return Math.max(0, this.#expiresAt - leftMs - Date.now());
  }

  get takesRealTime(): boolean {
    return this.#usesStoreClock;
  }

  /**
   * Signs a user in, and makes sure with one call that the peer is set up right.
   *
   * @param shortLifeMs the life of the access token of this sign-in, if it has to expire in real time
   */
  async signIn(instance: Instance, shortLifeMs = 8000): Promise<CookieJar> {
    const { behaviour } = this.authority.sessions;
    behaviour.accessTokenMs = this.#usesStoreClock ? shortLifeMs : LIFE_MS;
    const jar = await this.trySignIn(instance);
    this.#expiresAt = Date.now() + behaviour.accessTokenMs;
    behaviour.accessTokenMs = LIFE_MS;
    const { status, body } = await this.call(instance, jar);
    if (status !== 200) throw new Error(`After the sign-in, a call was answered with ${status}: ${body.slice(0, 300)}\n${this.processes.lastWords}`);
    return jar;
  }

  async trySignIn(instance: Instance): Promise<CookieJar> {
    const jar = new CookieJar();
    const { status, body } = await this.browser.open(instance.port, '/login', jar);
    if (status !== 200) throw new Error(`The sign-in was answered with ${status}: ${body.slice(0, 300)}\n${this.processes.lastWords}`);
    return jar;
  }

  call(instance: Instance, jar: CookieJar, path = '/call'): Promise<Answer> {
    return this.browser.call(instance.port, path, jar);
  }

  #setClock(ms: number): void {
    this.#clockMs = ms;
    setClockOffset(ms);
  }

  /** The connection string, or `null` without Postgres. */
  get postgres(): string | null {
    const { postgres } = this.services;
    return postgres && `postgres://bench@127.0.0.1:${postgres.port}/postgres`;
  }

  #settings(peer: string): Settings {
    return {
      peer,
      clockMs: this.#clockMs,
      authority: this.authority.origin,
      api: `http://127.0.0.1:${this.api.port}`,
      appOrigin: APP_ORIGIN,
      redisPort: this.services.redis.port,
      postgres: this.postgres,
    };
  }

  #certificate(): string {
    return join(this.#folder, 'authority.pem');
  }
}

/** An answer to the user's call: `ok`, `signed out` (401, or a redirect to the sign-in), or `no token` (any failure). */
export function verdictOf({ status }: Pick<Answer, 'status'>): 'ok' | 'signed out' | 'no token' {
  if (status === 200) return 'ok';
  return status === 401 || (status >= 300 && status < 400) ? 'signed out' : 'no token';
}

export async function inTurn<Item, Result>(items: readonly Item[], work: (item: Item, index: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const [index, item] of items.entries()) results.push(await work(item, index));
  return results;
}

export function times<Result>(count: number, work: (index: number) => Promise<Result>): Promise<Result[]> {
  return inTurn(Array.from({ length: count }), (_item, index) => work(index));
}

/** Formats values as `low–high`, or as one number if all are equal. */
export function range(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? String(low) : `${low}–${high}`;
}

/** Counts equal texts: `lost 3 of 3`, or `lost 2, lives 1`. */
export function tally(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const parts = [...counts].sort(([, a], [, b]) => b - a);
  return parts.length === 1 ? `${parts[0]?.[0]} ${texts.length} of ${texts.length}` : parts.map(([text, count]) => `${text} ${count}`).join(', ');
}
