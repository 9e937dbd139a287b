import type { ApiFault, BonfireApi } from 'unexpired/testing';

/** The faults that the page can apply, by name. */
const FAULTS = {
  unavailable: { kind: 'status', status: 503 },
  rateLimited: { kind: 'status', status: 429, retryAfter: 5 },
  hang: { kind: 'hang' },
  drop: { kind: 'dropBefore' },
  portal: { kind: 'html', status: 200 },
} as const;

export type FaultKind = keyof typeof FAULTS;

/** The endpoints that can fail. */
export type FaultEndpoint = 'refresh' | 'myPosts';

/** A fault and how many more requests will fail. */
export interface PlannedFault {
  readonly kind: FaultKind;
  readonly endpoint: FaultEndpoint;
  readonly left: number;
}

/** The faults of an API, at most one per endpoint. */
export interface FaultPlan {
  readonly list: () => PlannedFault[];
  /** Replaces the endpoint's fault; throws a RangeError that names the wrong field. */
  readonly plan: (fault: { kind: unknown; endpoint: unknown; times: unknown }) => void;
  readonly clear: () => void;
}

/** Creates an empty fault plan. */
export function createFaultPlan(api: BonfireApi): FaultPlan {
  const planned = new Map<FaultEndpoint, { kind: FaultKind; times: number; from: number; remove: () => void }>();
  const seen = (endpoint: FaultEndpoint) => api.calls.filter((call) => call.endpoint === endpoint && call.method === 'POST').length;

  return {
    list: () =>
      [...planned]
        .map(([endpoint, { kind, times, from }]) => ({ kind, endpoint, left: times - (seen(endpoint) - from) }))
        .filter(({ left }) => left > 0),
    plan({ kind, endpoint, times }) {
      if (!isKind(kind)) throw new RangeError(`\`kind\` must be one of ${Object.keys(FAULTS).join(', ')}.`);
      if (endpoint !== 'refresh' && endpoint !== 'myPosts') throw new RangeError('`endpoint` must be refresh or myPosts.');
      if (typeof times !== 'number' || !Number.isInteger(times) || times < 1) throw new RangeError('`times` must be a whole number, 1 or more.');
      planned.get(endpoint)?.remove();
      const fault: ApiFault = { ...FAULTS[kind], endpoint, times };
      planned.set(endpoint, { kind, times, from: seen(endpoint), remove: api.addFault(fault) });
    },
    clear() {
      planned.clear();
      api.clearFaults();
    },
  };
}

function isKind(kind: unknown): kind is FaultKind {
  return typeof kind === 'string' && Object.hasOwn(FAULTS, kind);
}
