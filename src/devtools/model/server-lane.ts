import { placeOf, type ViewWindow } from './view-window.ts';

/** Something that an instance of a server did, and when. */
export interface ServerSpan {
  /** A request, a refresh that it has sent, or the time without its process. */
  readonly kind: 'request' | 'refresh' | 'down';
  /** Epoch ms by the device's clock. */
  readonly from: number;
  /** `null` while it lasts. */
  readonly until: number | null;
  /** Default: true. */
  readonly isGood?: boolean | undefined;
}

/** An instance of a server that keeps the session, as the app knows it. */
export interface ServerLane {
  /** Names the instance. */
  readonly name: string;
  readonly spans: readonly ServerSpan[];
}

/** Returns how a span is drawn. */
export function drawnKindOf({ kind, isGood = true }: ServerSpan): 'call' | 'sent' | 'failed' | 'down' {
  if (kind === 'down') return 'down';
  if (!isGood) return 'failed';
  return kind === 'refresh' ? 'sent' : 'call';
}

/** Says in words what the lane of an instance shows. */
export function serverLaneWords({ spans }: ServerLane, view: ViewWindow): string {
  const seen = (kind: ServerSpan['kind']) => spans.filter((span) => span.kind === kind && placeOf(view, span.from) >= 0 && span.from <= view.until).length;
  const counts = [[seen('request'), 'request', 'requests'], [seen('refresh'), 'refresh', 'refreshes']] as const;
  const words = counts.filter(([count]) => count > 0).map(([count, one, many]) => `${count} ${count === 1 ? one : many}`);
  return [...words, ...(spans.some(({ kind, until }) => kind === 'down' && until === null) ? ['stopped'] : [])].join(', ');
}
