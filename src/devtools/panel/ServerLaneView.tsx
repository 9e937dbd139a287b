import { drawnKindOf, serverLaneWords, type ServerLane } from '../model/server-lane.ts';
import { extentOf, type ViewWindow } from '../model/view-window.ts';

interface ServerLaneViewProps {
  readonly lane: ServerLane;
  readonly view: ViewWindow;
  readonly now: number;
}

/** The timeline of one instance of a server, below those of the tabs. */
export function ServerLaneView({ lane, view, now }: ServerLaneViewProps) {
  return (
    <section className="lane" aria-label={lane.name}>
      <h3>{lane.name} <small>{serverLaneWords(lane, view)}</small></h3>
      <div className="track">
        {lane.spans.map((span, place) => {
          const extent = extentOf(view, span.from, span.until ?? now);
          return extent && <span key={place} className={`bar bar-${drawnKindOf(span)}`} data-open={span.until === null} style={{ left: `${extent.left}%`, width: `${extent.width}%` }} />;
        })}
      </div>
    </section>
  );
}
