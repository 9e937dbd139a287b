import type { Kind } from '../model/kinds.ts';
import type { LogEntry } from '../model/log-entry.ts';
import { CALL_ROWS, type CallSpan, type Lane, type Life, type RefreshSpan, type Span } from '../model/timeline.ts';
import { extentOf, placeOf, type ViewWindow } from '../model/view-window.ts';

interface LaneViewProps {
  readonly lane: Lane;
  readonly view: ViewWindow;
  readonly now: number;
  readonly kinds: readonly Kind[];
  readonly name: string;
  readonly onPoint: (entry: LogEntry) => void;
}

/** The timeline of one tab: its tokens' lives, its refreshes, its calls. */
export function LaneView({ lane, kinds, name, ...rest }: LaneViewProps) {
  const rows = Math.max(0, ...lane.calls.map(({ row }) => row + 1));
  return (
    <section className="lane" aria-label={name}>
      <h3>{name} <small>{countsOf(lane, rest.view)}</small></h3>
      <div className="track track-life">{lane.lives.map((life) => <LifeBar key={life.entry.line} life={life} {...rest} />)}</div>
      {kinds.includes('refresh') && (
        <div className="track track-refresh">
          {lane.waits.map((span) => <Bar key={`w${span.entry.line}`} kind="wait" span={span} {...rest} />)}
          {lane.asked.map((span) => <Bar key={`a${span.entry.line}`} kind="asked" span={span} {...rest} />)}
          {lane.locks.map((span) => <Bar key={`l${span.entry.line}`} kind="lock" span={span} {...rest} />)}
          {lane.refreshes.map((span) => <Bar key={`r${span.entry.line}`} kind={hasFailed(span) ? 'failed' : 'sent'} span={span} {...rest} />)}
        </div>
      )}
      {kinds.includes('calls') && rows > 0 && (
        <div className="track track-calls" style={{ height: `${Math.min(rows, CALL_ROWS) * rowHeight(rows) + 2}px` }}>
          {lane.calls.map((call) => <CallBar key={call.entry.line} call={call} rows={rows} {...rest} />)}
        </div>
      )}
      {kinds.includes('session') && lane.marks.map((mark) => <Mark key={mark.line} mark={mark} {...rest} />)}
    </section>
  );
}

function countsOf(lane: Lane, view: ViewWindow): string {
  const seen = (spans: readonly Span[]) => spans.filter((span) => span.from >= view.from && span.from <= view.until).length;
  const counts: readonly (readonly [number, string, string])[] = [
    [seen(lane.calls), 'call', 'calls'],
    [seen(lane.calls.filter(({ isReplayed }) => isReplayed)), 'replay', 'replays'],
    [seen(lane.refreshes.filter(({ outcome }) => outcome === 'granted')), 'refresh', 'refreshes'],
    [seen(lane.refreshes.filter(hasFailed)), 'failed refresh', 'failed refreshes'],
  ];
  return counts.filter(([count]) => count > 0).map(([count, one, many]) => `${count} ${count === 1 ? one : many}`).join(', ');
}

type Drawing = Pick<LaneViewProps, 'view' | 'now' | 'onPoint'>;

function rowHeight(rows: number): number {
  return rows <= 4 ? 6 : rows <= 12 ? 4 : 3;
}

function hasFailed({ outcome }: RefreshSpan): boolean {
  return outcome !== null && outcome !== 'granted';
}

function Bar({ kind, span, view, now, onPoint }: Drawing & { readonly kind: string; readonly span: Span }) {
  const extent = extentOf(view, span.from, span.until ?? now);
  return extent && <span className={`bar bar-${kind}`} style={{ left: `${extent.left}%`, width: `${extent.width}%` }} onPointerEnter={() => onPoint(span.entry)} />;
}

function LifeBar({ life, view, now, onPoint }: Drawing & { readonly life: Life }) {
  const end = Math.min(life.until ?? Infinity, life.expiresAt ?? now);
  const whole = extentOf(view, life.from, end);
  const lead = life.dueAt !== null && life.dueAt < end ? extentOf(view, life.dueAt, end) : null;
  const point = () => onPoint(life.entry);
  return (
    <>
      {whole && <span className="bar bar-life" data-source={life.source} style={{ left: `${whole.left}%`, width: `${whole.width}%` }} onPointerEnter={point} />}
      {lead && <span className="bar bar-lead" style={{ left: `${lead.left}%`, width: `${lead.width}%` }} onPointerEnter={point} />}
    </>
  );
}

/** A rejected call is amber until its replay, so that only a call that failed in the end is red. */
function CallBar({ call, rows, view, now, onPoint }: Drawing & { readonly call: CallSpan; readonly rows: number }) {
  const replayedAt = call.isReplayed ? (call.sends.at(-1) ?? call.from) : call.from;
  const failed = typeof call.outcome === 'string' || (call.outcome ?? 0) >= 400;
  const height = rowHeight(rows);
  const part = (kind: string, from: number, until: number) => {
    const extent = extentOf(view, from, until);
    if (extent === null) return null;
    const place = { left: `${extent.left}%`, width: `${extent.width}%`, top: `${call.row * height + 1}px`, height: `${height - 1}px` };
    return <span className={`bar bar-${kind}`} data-open={call.until === null} style={place} onPointerEnter={() => onPoint(call.entry)} />;
  };
  return (
    <>
      {call.isReplayed && part('rejected', call.from, replayedAt)}
      {part(failed ? 'failed' : 'call', replayedAt, call.until ?? now)}
    </>
  );
}

function Mark({ mark, view, onPoint }: Drawing & { readonly mark: Lane['marks'][number] }) {
  const place = placeOf(view, mark.at);
  if (place < 0 || place > 100) return null;
  return <span className={`mark mark-${mark.type}`} data-reason={'reason' in mark ? mark.reason : undefined} style={{ left: `${place}%` }} onPointerEnter={() => onPoint(mark)} />;
}
