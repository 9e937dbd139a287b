import fc from 'fast-check';
import { instanceScenarioArbitrary, type InstanceScenario } from './instances/scenario.ts';

/** How long a session lasts without activity, and in all, ms. */
const TIMEOUT_MS = 5 * 60_000;
const MOST_MS = 8 * 60_000;

const anyPauseMs = fc.oneof(fc.integer({ min: TIMEOUT_MS - 30_000, max: TIMEOUT_MS + 30_000 }), fc.integer({ min: 60_000, max: TIMEOUT_MS }), fc.integer({ min: TIMEOUT_MS, max: MOST_MS }));

/** Draws worlds of instances whose sessions are limited. Long pauses are put between the events. */
export const anyLimitedScenario: fc.Arbitrary<InstanceScenario> = fc.noBias(fc.record({
  drawn: instanceScenarioArbitrary({ mostInstances: 4 }),
  pauses: fc.array(fc.record({ at: fc.nat(1000), ms: anyPauseMs }), { minLength: 2, maxLength: 8, size: 'max' }),
})).map(({ drawn, pauses }) => ({
  ...drawn,
  limits: { timeoutMs: TIMEOUT_MS, maxSessionMs: MOST_MS },
  events: pauses.reduce((events, { at, ms }) => events.toSpliced(at % (events.length + 1), 0, { kind: 'advance', ms }), drawn.events),
}));
