import { useMemo, useState, type KeyboardEvent } from 'react';
import { keyOf } from '../model/event-log.ts';
import { kindOf, type Kind } from '../model/kinds.ts';
import type { LogEntry } from '../model/log-entry.ts';
import { lanesOf } from '../model/timeline.ts';
import { placeOf, ticksOf, windowAt } from '../model/view-window.ts';
import { nameOfTab, wordsOf } from '../model/words.ts';
import type { ServerLane } from '../model/server-lane.ts';
import { LaneView } from './LaneView.tsx';
import { ServerLaneView } from './ServerLaneView.tsx';
import { timeOf } from './time-of.ts';

interface TimelineProps {
  readonly log: readonly LogEntry[];
  readonly kinds: readonly Kind[];
  readonly now: number;
  readonly spanMs: number;
  readonly ownTab: string;
  readonly servers: readonly ServerLane[];
}

/** A lane for each tab, and for each instance of the server that the app knows, from the past to the near future. */
export function Timeline({ log, kinds, now, spanMs, ownTab, servers }: TimelineProps) {
  const [pointed, setPointed] = useState<LogEntry | null>(null);
  const lanes = useMemo(() => lanesOf(log), [log]);
  const view = windowAt(now, spanMs);
  const tabs = [...lanes].sort((a, b) => Number(b.tab === ownTab) - Number(a.tab === ownTab));

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const inView = log.filter((entry) => kinds.includes(kindOf(entry)) && entry.at >= view.from && entry.at <= view.until);
    const current = pointed === null ? -1 : inView.findIndex((entry) => keyOf(entry) === keyOf(pointed));
    const next = current < 0 ? inView.at(step < 0 ? -1 : 0) : inView[Math.min(inView.length - 1, Math.max(0, current + step))];
    setPointed(next ?? null);
  }

  return (
    <div className="timeline">
      <div className="chart" role="group" tabIndex={0} aria-label="Timeline of all tabs. Use the arrow keys to go from event to event." onKeyDown={onKeyDown}>
        {tabs.map((lane) => (
          <LaneView key={lane.tab} lane={lane} view={view} now={now} kinds={kinds} name={nameOfTab(lane.tab, ownTab)} onPoint={setPointed} />
        ))}
        {servers.map((lane) => <ServerLaneView key={lane.name} lane={lane} view={view} now={now} />)}
        {tabs.length === 0 && <p className="empty">No events yet.</p>}
        <div className="grid" aria-hidden="true">
          {ticksOf(view).map((at) => (
            <span key={at} className="tick" style={{ left: `${placeOf(view, at)}%` }}>{timeOf(at, false)}</span>
          ))}
          <span className="now" style={{ left: `${placeOf(view, now)}%` }} />
          {pointed && <span className="pointed" style={{ left: `${placeOf(view, pointed.at)}%` }} />}
        </div>
      </div>
      <Legend hasServers={servers.length > 0} />
      <p className="pointed-words" role="status">{pointed ? <Pointed entry={pointed} /> : 'Hover, or use the arrow keys, to inspect an event.'}</p>
    </div>
  );
}

function Pointed({ entry }: { readonly entry: LogEntry }) {
  const { title, detail } = wordsOf(entry);
  return (
    <>
      <time>{timeOf(entry.at, true)}</time> <strong>{title}</strong> {detail}
    </>
  );
}

const LEGEND: readonly (readonly [string, string])[] = [
  ['life', 'token lifetime'],
  ['lead', 'refresh due'],
  ['adopted', 'token from another tab'],
  ['asked', 'refresh pending'],
  ['lock', 'lock held'],
  ['sent', 'refresh request'],
  ['wait', 'backoff'],
  ['call', 'call'],
  ['rejected', 'rejected, then replayed'],
  ['failed', 'failed'],
];

function Legend({ hasServers }: { readonly hasServers: boolean }) {
  const legend = hasServers ? [...LEGEND, ['down', 'server stopped'] as const] : LEGEND;
  return (
    <ul className="legend">
      {legend.map(([kind, words]) => (
        <li key={kind}><i className={`key key-${kind}`} aria-hidden="true" />{words}</li>
      ))}
    </ul>
  );
}
