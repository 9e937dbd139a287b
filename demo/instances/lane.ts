/** What an instance did, and when. */
export interface LaneSpan {
  readonly id: number;
  /** `down` while the process is not there. */
  readonly kind: 'request' | 'refresh' | 'down';
  /** Epoch ms. */
  readonly from: number;
  /** `null` while it lasts. */
  readonly until: number | null;
  readonly isGood: boolean;
}

/** The last minute of an instance. */
export interface Lane {
  readonly begin: (kind: LaneSpan['kind']) => number;
  readonly end: (id: number, isGood: boolean) => void;
  /** Ends all that lasts, because the process has ended. */
  readonly cut: () => void;
  readonly spans: () => readonly LaneSpan[];
}

/** How long a span is kept after its end, ms. The page draws as much. */
export const LANE_MS = 60_000;

/** A burst must not let the page draw more. */
const MOST_SPANS = 300;

/** Creates an empty lane. */
export function createLane(now: () => number): Lane {
  let spans: readonly LaneSpan[] = [];
  let lastId = 0;
  const recent = () => spans.filter(({ until }) => until === null || now() - until < LANE_MS).slice(-MOST_SPANS);
  const close = (span: LaneSpan, isGood: boolean) => ({ ...span, until: now(), isGood });
  return {
    begin(kind) {
      const id = (lastId += 1);
      spans = [...recent(), { id, kind, from: now(), until: null, isGood: true }];
      return id;
    },
    end: (id, isGood) => void (spans = spans.map((span) => (span.id === id && span.until === null ? close(span, isGood) : span))),
    cut: () => void (spans = spans.map((span) => (span.until === null ? close(span, false) : span))),
    spans: () => (spans = recent()),
  };
}
