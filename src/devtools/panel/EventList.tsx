import { memo } from 'react';
import { keyOf } from '../model/event-log.ts';
import type { LogEntry } from '../model/log-entry.ts';
import { nameOfTab, wordsOf } from '../model/words.ts';
import { timeOf } from './time-of.ts';

const SHOWN = 200;

interface EventListProps {
  readonly log: readonly LogEntry[];
  readonly ownTab: string;
}

/** The log in words, newest first. */
export const EventList = memo(function EventList({ log, ownTab }: EventListProps) {
  const newest = log.slice(-SHOWN).reverse();
  return (
    <div className="events" role="region" aria-label="Events" tabIndex={0}>
      <ol>
        {newest.map((entry) => (
          <EventLine key={keyOf(entry)} entry={entry} tab={nameOfTab(entry.tab, ownTab)} />
        ))}
      </ol>
      {log.length > SHOWN && <p className="empty">{log.length - SHOWN} older events are in “Copy as JSON”.</p>}
    </div>
  );
});

function EventLine({ entry, tab }: { readonly entry: LogEntry; readonly tab: string }) {
  const { title, detail, tone } = wordsOf(entry);
  return (
    <li data-tone={tone}>
      <time>{timeOf(entry.at, true)}</time>
      <span className="tab">{tab}</span>
      <span><strong>{title}</strong> {detail}</span>
    </li>
  );
}
