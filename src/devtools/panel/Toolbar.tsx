import { useState } from 'react';
import type { AuthClient } from '../../core/auth-client.ts';
import { KINDS, type Kind } from '../model/kinds.ts';
import type { LogEntry } from '../model/log-entry.ts';
import { reportOf } from '../model/report.ts';
import type { Recorder } from '../recorder.ts';
import { inspectorOf } from '../../core/inspector.ts';

const SPANS: readonly (readonly [string, number])[] = [
  ['10 s', 10_000],
  ['30 s', 30_000],
  ['1 min', 60_000],
  ['5 min', 300_000],
  ['30 min', 1_800_000],
];

interface ToolbarProps {
  readonly client: AuthClient;
  readonly recorder: Recorder;
  readonly log: readonly LogEntry[];
  readonly kinds: readonly Kind[];
  readonly setKinds: (kinds: readonly Kind[]) => void;
  readonly spanMs: number;
  readonly setSpanMs: (ms: number) => void;
  readonly backMs: number;
  readonly setBackMs: (ms: number) => void;
  readonly paused: boolean;
  readonly togglePause: () => void;
}

/** Chooses what the timeline and the list show. */
export function Toolbar(props: ToolbarProps) {
  const { kinds, setKinds, spanMs, setSpanMs, paused, togglePause, recorder } = props;
  const toggle = (kind: Kind) => setKinds(kinds.includes(kind) ? kinds.filter((other) => other !== kind) : [...kinds, kind]);
  return (
    <div className="toolbar" role="group" aria-label="Timeline">
      <label>
        Range{' '}
        <select value={spanMs} onChange={(event) => setSpanMs(Number(event.target.value))}>
          {SPANS.map(([name, ms]) => <option key={ms} value={ms}>{name}</option>)}
        </select>
      </label>
      {KINDS.map((kind) => (
        <label key={kind}>
          <input type="checkbox" checked={kinds.includes(kind)} onChange={() => toggle(kind)} /> {kind}
        </label>
      ))}
      <button type="button" aria-pressed={paused} onClick={togglePause}>Pause</button>
      {paused && <LookBack {...props} />}
      <button type="button" onClick={recorder.clear}>Clear</button>
      <CopyButton {...props} />
    </div>
  );
}

function LookBack({ log, spanMs, backMs, setBackMs }: ToolbarProps) {
  const longest = (log.at(-1)?.at ?? 0) - (log[0]?.at ?? 0);
  return (
    <label>
      Scroll back{' '}
      <input type="range" min={0} max={Math.max(spanMs, longest)} step={spanMs / 20} value={backMs} onChange={(event) => setBackMs(Number(event.target.value))} />
    </label>
  );
}

function CopyButton({ client, log }: ToolbarProps) {
  const [words, setWords] = useState('Copy as JSON');

  async function copy(): Promise<void> {
    const report = reportOf(client.getSnapshot(), log, inspectorOf(client).platform.now().wall);
    // A page may have no clipboard, or no permission to use it.
    const copied = await Promise.resolve().then(() => navigator.clipboard.writeText(report)).then(() => true, () => false);
    setWords(copied ? 'Copied' : 'Copy failed');
    setTimeout(() => setWords('Copy as JSON'), 2000);
  }

  return <button type="button" onClick={() => void copy()}>{words}</button>;
}
