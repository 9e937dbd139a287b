import { useMemo, useState, useSyncExternalStore } from 'react';
import type { AuthClient } from '../../core/auth-client.ts';
import { kindOf, KINDS, type Kind } from '../model/kinds.ts';
import type { LogEntry } from '../model/log-entry.ts';
import type { ServerLane } from '../model/server-lane.ts';
import { drawnStateOf } from '../model/state-words.ts';
import type { Recorder } from '../recorder.ts';
import { accessTokenWords } from '../model/token-places.ts';
import { Actions } from './Actions.tsx';
import { EventList } from './EventList.tsx';
import { Facts } from './Facts.tsx';
import { LifeRing } from './LifeRing.tsx';
import { StateMachine } from './StateMachine.tsx';
import { Timeline } from './Timeline.tsx';
import { Toolbar } from './Toolbar.tsx';
import { useClientSnapshot } from './use-client-snapshot.ts';
import { useNow } from './use-now.ts';
import { inspectorOf } from '../../core/inspector.ts';

interface PanelProps {
  readonly client: AuthClient;
  readonly recorder: Recorder;
  readonly onClose: () => void;
  readonly servers: readonly ServerLane[];
}

const SHOWN_AT_FIRST: readonly Kind[] = KINDS.filter((kind) => kind !== 'storage');

/** The session's state, its actions, its timeline and its events. */
export function Panel({ client, recorder, onClose, servers }: PanelProps) {
  const snapshot = useClientSnapshot(client);
  const live = useSyncExternalStore(recorder.subscribe, recorder.getLog, recorder.getLog);
  const [frozen, setFrozen] = useState<readonly LogEntry[] | null>(null);
  const [kinds, setKinds] = useState(SHOWN_AT_FIRST);
  const [spanMs, setSpanMs] = useState(60_000);
  const [backMs, setBackMs] = useState(0);
  const now = useNow(inspectorOf(client).platform, 200, frozen !== null);
  const log = frozen ?? live;
  const shown = useMemo(() => log.filter((entry) => kinds.includes(kindOf(entry))), [log, kinds]);

  function togglePause(): void {
    setFrozen(frozen === null ? live : null);
    setBackMs(0);
  }

  return (
    <>
      <header className="head">
        <h2>unexpired</h2>
        <p>{client.storageKey.replace(/^unexpired:/, '')}</p>
        <button type="button" aria-label="Close devtools" onClick={onClose}>×</button>
      </header>
      <div className="overview">
        <LifeRing client={client} snapshot={snapshot} size="large" />
        <StateMachine state={drawnStateOf(snapshot)} />
        <Facts client={client} snapshot={snapshot} />
      </div>
      <Actions client={client} signedIn={snapshot.status === 'signedIn'} noToken={accessTokenWords(snapshot)} />
      <Toolbar {...{ client, recorder, log, kinds, setKinds, spanMs, setSpanMs, backMs, setBackMs, paused: frozen !== null, togglePause }} />
      <Timeline log={log} kinds={kinds} now={now - backMs} spanMs={spanMs} ownTab={recorder.tab} servers={servers} />
      <EventList log={shown} ownTab={recorder.tab} />
    </>
  );
}
