import { useId } from 'react';
import type { InstanceState } from '../instances/instance-process.ts';
import { LANE_MS, type LaneSpan } from '../instances/lane.ts';
import { useStopInstance } from '../use-fleet.ts';
import { countWords } from '../words.ts';
import { Button } from './Button.tsx';

interface InstanceLaneProps {
  readonly instance: InstanceState;
  /** The time of the demo, epoch ms. */
  readonly now: number;
}

/** The last minute of an instance: its requests, its refreshes, and when its process was not there. */
export function InstanceLane({ instance, now }: InstanceLaneProps) {
  const stop = useStopInstance();
  const why = useId();
  const { number, pid, status, isRefreshing, requests, refreshes, spans } = instance;
  const name = `Instance ${number}`;
  const words = `${countWords(requests, 'request', 'requests')}, ${countWords(refreshes, 'refresh', 'refreshes')}`;
  const state = status === 'running' && isRefreshing ? 'refreshing' : status;
  return (
    <li className="instance" aria-label={name}>
      <div className="instance__head">
        <h3>{name}</h3>
        <span id={why} className="chip instance__state" data-status={state}>
          {state}
        </span>
        <span className="instance__counts">
          {words}
          {pid === null ? '' : `, pid ${pid}`}
        </span>
        <Button busy={stop.isPending} whyNot={status === 'running' ? undefined : why} aria-label={`Stop instance ${number}`} onClick={() => stop.mutate(number)}>
          Stop
        </Button>
      </div>
      <div className="instance__lane" role="img" aria-label={`Last minute of instance ${number}: ${laneWords(spans)}`}>
        {spans.map((span) => (
          <Bar key={span.id} span={span} now={now} />
        ))}
      </div>
    </li>
  );
}

function laneWords(spans: readonly LaneSpan[]): string {
  const count = (kind: LaneSpan['kind']) => spans.filter((span) => span.kind === kind).length;
  return [countWords(count('request'), 'request', 'requests'), countWords(count('refresh'), 'refresh', 'refreshes'), `stopped ${countWords(count('down'), 'time', 'times')}`].join(', ');
}

function Bar({ span: { kind, from, until, isGood }, now }: { readonly span: LaneSpan; readonly now: number }) {
  const place = (at: number) => Math.min(100, Math.max(0, 100 - (100 * (now - at)) / LANE_MS));
  const left = place(from);
  return <i data-kind={kind} data-good={isGood} style={{ left: `${left}%`, width: `${place(until ?? now) - left}%` }} />;
}
