import { AuthDevtools } from 'unexpired/devtools';
import { auth } from '../auth.ts';
import { PLACE } from '../environment.ts';
import { useFleet } from '../use-fleet.ts';

/** The devtools, on the left because the controls are on the right. */
export function Devtools() {
  return PLACE === 'server' ? <DevtoolsWithServers /> : <AuthDevtools client={auth} position="bottom-left" />;
}

/** Draws the instances of the server, too. Their times become those of this page. */
function DevtoolsWithServers() {
  const { data: fleet, dataUpdatedAt } = useFleet();
  const aheadMs = fleet ? fleet.now - dataUpdatedAt : 0;
  const servers = fleet?.instances.map(({ number, spans }) => ({
    name: `Instance ${number}`,
    spans: spans.map((span) => ({ ...span, from: span.from - aheadMs, until: span.until === null ? null : span.until - aheadMs })),
  }));
  return <AuthDevtools client={auth} position="bottom-left" servers={servers ?? []} />;
}
