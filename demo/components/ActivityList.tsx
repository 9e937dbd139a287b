import { useActivity } from '../use-session.ts';

const TIME = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });

/** The last events of this tab, newest first. */
export function ActivityList() {
  const { events } = useActivity();
  return (
    <div className="events">
      <h3 className="events__title">Events in this tab</h3>
      <ol className="events__list">
        {events.map(({ id, at, text, times }) => (
          <li key={id}>
            <time className="muted">{TIME.format(at)}</time> <span>{times === 1 ? text : `${times} × ${text}`}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
