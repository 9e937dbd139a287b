import { createCalendar } from './calendar.ts';
import { createTally, type Tally } from './tally.ts';
import { CALLS, meanCallGapMs, SIGNED_OUT, type Agent, type Failure, type Policy } from './policies/policy.ts';
import { STRETCHES, type Population } from './population.ts';
import { createRandom, seedOf, type Random } from './random.ts';
import type { Scenario } from './scenario.ts';
import { DAY, TICK_MS } from './time.ts';
import { createTokenEndpoint } from './token-endpoint.ts';

/** One run: a population, a scenario and a refresh policy. */
export interface Run {
  readonly population: Population;
  readonly scenario: Scenario;
  readonly policy: Policy;
  readonly lifetimeMs: number;
  readonly seed: number;
}

// The fields of an agent, which are adjacent in memory.
const EXPIRES = 0;
/** Until when its failed calls have been counted. */
const COUNTED = 1;
const STRETCH = 2;
/** When its current awake stretch ends. */
const SLEEPS = 3;
const ATTEMPT = 4;
const FLAGS = 5;
const BROWSER = 6;
const TAB = 7;
/** When its first failure in a row was. */
const FAILING = 8;
const FIELDS = 9;

const WAKES = 1;
/** The device has slept during the life of the current token. */
const AWOKE = 2;
const WAITS = 4;
const HAS_SESSION = 8;

/** How many browsers are simulated together if they do not affect each other. This many fit into a processor's cache. */
const BLOCK = 8192;

/** Simulates a fleet in a scenario, step by step. */
export function runFleet(run: Run): Tally {
  const { population: { browsers }, scenario, policy, lifetimeMs, seed } = run;
  const tally = createTally(scenario, browsers);
  const random = createRandom(seedOf(seed, `${scenario.name} ${policy.name} ${lifetimeMs}`));
  const block = scenario.endpoint.capacity === Infinity ? BLOCK : browsers;
  for (let first = 0; first < browsers; first += block) runBlock(run, first, Math.min(browsers, first + block), tally, random);
  return tally;
}

/** Simulates the browsers from number `first` up to `end`. */
function runBlock({ population, scenario, policy, lifetimeMs, seed }: Run, first: number, end: number, tally: Tally, random: Random): void {
  const { tabs, stretches } = population;
  const life = Math.round(lifetimeMs / TICK_MS);
  const agents = policy.unit === 'tab' ? tabs.subarray(first, end).reduce((sum, count) => sum + count, 0) : end - first;
  const fields = new Int32Array(agents * FIELDS);
  const calendar = createCalendar(agents, scenario.from, scenario.until);
  const endpoint = createTokenEndpoint(scenario.endpoint);
  let browserOfAgent = 0;
  const agent: Agent = { tab: 0, tabs: 1, leftMs: 0, failingMs: 0, random, drawnBy: (tab) => drawn(seed, browserOfAgent, tab) };
  const refused: Failure = { kind: 'refused', retryAfterMs: scenario.endpoint.retryAfterMs };
  const down: Failure = { kind: 'down', retryAfterMs: null };

  const wakesAt = (browser: number, stretch: number) => Math.floor(stretch / STRETCHES) * DAY + stretches[(browser * STRETCHES + (stretch % STRETCHES)) * 2]!;
  const sleepsAt = (browser: number, stretch: number) => Math.floor(stretch / STRETCHES) * DAY + stretches[(browser * STRETCHES + (stretch % STRETCHES)) * 2 + 1]!;

  function selectAgent(at: number): void {
    browserOfAgent = fields[at + BROWSER]!;
    agent.tab = fields[at + TAB]!;
    agent.tabs = tabs[browserOfAgent]!;
  }

  function begin(id: number, browser: number, tab: number): void {
    const at = id * FIELDS;
    fields[at + BROWSER] = browser;
    fields[at + TAB] = tab;
    selectAgent(at);
    let stretch = Math.floor(scenario.from / DAY) * STRETCHES;
    while (sleepsAt(browser, stretch) <= scenario.from) stretch++;
    const wakes = wakesAt(browser, stretch);
    const isAwake = wakes <= scenario.from;
    fields[at + STRETCH] = stretch;
    fields[at + SLEEPS] = isAwake ? sleepsAt(browser, stretch) : scenario.from;
    fields[at + COUNTED] = scenario.from;
    let refreshesInMs = 0;
    if (scenario.signInWithin === null) {
      // Starts at a random point of a token's life under this policy, so that the run begins in a steady state.
      const cycleMs = policy.dueMs(lifetimeMs, lifetimeMs, agent, false);
      refreshesInMs = cycleMs * random();
      receive(at, scenario.from - Math.round((cycleMs - refreshesInMs) / TICK_MS));
    } else if (isAwake) {
      receive(at, scenario.from + Math.floor(random() * scenario.signInWithin));
      refreshesInMs = dueMs(at, scenario.from);
    }
    if (isAwake) plan(id, at, scenario.from, refreshesInMs);
    else wakeLater(id, at, stretch);
  }

  function dueMs(at: number, now: number): number {
    return policy.dueMs((fields[at + EXPIRES]! - now) * TICK_MS, lifetimeMs, agent, (fields[at + FLAGS]! & AWOKE) !== 0);
  }

  /** Schedules the next refresh, or the end of the sleep that comes before it. */
  function plan(id: number, at: number, now: number, waitMs: number): void {
    const refreshes = now + Math.max(1, Math.ceil(waitMs / TICK_MS));
    const sleeps = fields[at + SLEEPS]!;
    if (refreshes < sleeps) return calendar.put(id, refreshes);
    countFailedCalls(at, sleeps, 0);
    unwait(at);
    let stretch = fields[at + STRETCH]! + 1;
    while (sleepsAt(browserOfAgent, stretch) === wakesAt(browserOfAgent, stretch)) stretch++;
    wakeLater(id, at, stretch);
  }

  function wakeLater(id: number, at: number, stretch: number): void {
    fields[at + STRETCH] = stretch;
    fields[at + FLAGS]! |= WAKES;
    calendar.put(id, Math.max(scenario.from, wakesAt(fields[at + BROWSER]!, stretch)));
  }

  function wake(id: number, at: number, now: number): void {
    fields[at + FLAGS] = (fields[at + FLAGS]! & ~WAKES) | AWOKE;
    fields[at + SLEEPS] = sleepsAt(browserOfAgent, fields[at + STRETCH]!);
    fields[at + COUNTED] = now;
    if ((fields[at + FLAGS]! & HAS_SESSION) === 0) receive(at, now);
    tally.wakes++;
    plan(id, at, now, dueMs(at, now));
  }

  function receive(at: number, now: number): void {
    fields[at + EXPIRES] = now + life;
    fields[at + ATTEMPT] = 0;
    fields[at + FLAGS] = HAS_SESSION;
  }

  function requestTokens(id: number, at: number, now: number): void {
    let granted = false;
    let failure = down;
    for (let request = 0; request < policy.burst; request++) {
      const answer = endpoint.answer();
      tally.request(now, answer);
      granted ||= answer === 'granted';
      if (answer === 'refused') failure = refused;
    }
    if (granted) {
      countFailedCalls(at, now, policy.patienceMs);
      unwait(at);
      receive(at, now);
      plan(id, at, now, dueMs(at, now));
    } else fail(id, at, now, failure);
  }

  function fail(id: number, at: number, now: number, failure: Failure): void {
    if (policy.refreshesByCall) tally.failedCalls += CALLS;
    const attempt = ++fields[at + ATTEMPT]!;
    agent.leftMs = Math.max(0, fields[at + EXPIRES]! - now) * TICK_MS;
    if (attempt === 1) fields[at + FAILING] = now;
    agent.failingMs = (now - fields[at + FAILING]!) * TICK_MS;
    const retryMs = policy.retryMs(attempt, failure, agent);
    if (retryMs === SIGNED_OUT) {
      unwait(at);
      tally.lose(fields[at + BROWSER]!);
      return;
    }
    if ((fields[at + FLAGS]! & WAITS) === 0) tally.waiting++;
    fields[at + FLAGS]! |= WAITS;
    // A request to an endpoint that is down fails after a second.
    plan(id, at, now, retryMs + (failure === down ? 1000 : 0));
  }

  function unwait(at: number): void {
    if ((fields[at + FLAGS]! & WAITS) === 0) return;
    tally.waiting--;
    fields[at + FLAGS]! &= ~WAITS;
  }

  /** Counts the calls made while the token is expired, as the mean number for that time. Single calls are not drawn. */
  function countFailedCalls(at: number, until: number, patienceMs: number): void {
    const from = Math.max(fields[at + EXPIRES]!, fields[at + COUNTED]!);
    const withoutMs = (until - from) * TICK_MS - patienceMs;
    if (withoutMs <= 0 || policy.refreshesByCall) return;
    tally.failedCalls += (withoutMs / meanCallGapMs(policy.unit, agent)) * CALLS;
  }

  function visit(id: number): void {
    const at = id * FIELDS;
    selectAgent(at);
    if ((fields[at + FLAGS]! & WAKES) !== 0) wake(id, at, tick);
    else requestTokens(id, at, tick);
  }

  let tick = scenario.from;
  for (let browser = first, id = 0; browser < end; browser++) {
    const units = policy.unit === 'tab' ? tabs[browser]! : 1;
    for (let tab = 0; tab < units; tab++) begin(id++, browser, tab);
  }
  for (; tick < scenario.until; tick++) {
    endpoint.openTick(tick);
    calendar.take(tick, visit);
    tally.closeTick(tick);
  }
}

/** Returns the same number from [0, 1) for the same tab of the same browser. */
function drawn(seed: number, browser: number, tab: number): number {
  let mixed = Math.imul(seed ^ Math.imul(browser * 8 + tab + 1, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 4_294_967_296;
}
