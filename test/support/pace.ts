/** How long the workload below takes on an idle laptop, ms. */
const IDLE_MS = 40;

const STEPS = 40_000_000;

/**
 * How many times longer this machine takes than an idle laptop, 1 or more.
 * It is measured once a run: the processes of a run share it by the variable TEST_PACE, which can also be set by hand.
 */
export const PACE = paceOf(globalThis.process?.env['TEST_PACE']);

/**
 * How long to wait for something before it counts as hanging, ms.
 *
 * @param idleMs how long an idle laptop waits; be generous, because a deadline only names what hangs
 */
export function patience(idleMs: number): number {
  return Math.ceil(idleMs * PACE);
}

/** By how much pages stretch the client's own deadlines, because the machine may have got busier since the pace was measured. */
export const STRETCH = 4 * PACE;

/**
 * How long a token lives if a test has to finish something meanwhile in real time: whole seconds, in ms.
 * The pace is measured again, because the machine may have got busier since the run began.
 */
export function realLifetime(idleMs: number): number {
  return Math.ceil((idleMs * Math.max(PACE, measure() / IDLE_MS)) / 1000) * 1000;
}

function paceOf(text: string | undefined): number {
  if (text === undefined) return Math.max(1, measure() / IDLE_MS);
  const pace = Number(text);
  if (pace > 0) return pace;
  throw new RangeError(`TEST_PACE must be a number above 0, not ${JSON.stringify(text)}.`);
}

/** The wall time of a fixed workload, ms: programs that want the same processor make it longer. */
function measure(): number {
  const startedAt = performance.now();
  let state = 1;
  for (let step = 0; step < STEPS; step += 1) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  const tookMs = performance.now() - startedAt;
  return state === 0 ? 0 : tookMs; // The state is used, or a compiler could leave the loop out.
}
