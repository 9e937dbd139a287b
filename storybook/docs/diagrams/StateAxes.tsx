import { Arrow } from './Arrow.tsx';
import { Figure } from './Figure.tsx';
import { Label } from './Label.tsx';
import { Mark } from './Mark.tsx';

const NODES = [
  { name: 'loading', x: 48, y: 62 },
  { name: 'signedOut', x: 48, y: 222 },
  { name: 'idle', x: 190, y: 82 },
  { name: 'running', x: 308, y: 82 },
  { name: 'blocked', x: 190, y: 222 },
  { name: 'waiting', x: 308, y: 222 },
];

/** The two axes of state: whether a user is signed in, and how the refresh is doing. */
export function StateAxes() {
  return (
    <Figure width={366} height={270} label="State machine. Status: loading, signedOut and signedIn. Within signedIn the refresh is idle, running, waiting or blocked. The numbered arrows are explained below.">
      <rect x="130" y="20" width="232" height="240" rx="12" fill="currentColor" fillOpacity="0.06" strokeOpacity="0.4" />
      <Label at={[142, 42]} text="signedIn" anchor="start" isBold />
      <Label at={[350, 42]} text="refresh.state" anchor="end" />
      <Arrow from={[48, 78]} to={[48, 206]} />
      <Arrow from={[92, 68]} to={[146, 76]} />
      <Arrow from={[76, 206]} to={[150, 98]} />
      <Arrow from={[130, 222]} to={[94, 222]} />
      <Arrow from={[234, 76]} to={[263, 76]} />
      <Arrow from={[264, 89]} to={[235, 89]} />
      <Arrow from={[300, 98]} to={[300, 206]} />
      <Arrow from={[318, 206]} to={[318, 98]} />
      <Arrow from={[276, 98]} to={[204, 206]} />
      <Arrow from={[222, 206]} to={[290, 98]} isDashed />
      {NODES.map(({ name, x, y }) => (
        <g key={name}>
          <rect x={x - 44} y={y - 16} width="88" height="32" rx="16" fill="currentColor" fillOpacity="0.06" />
          <Label at={[x, y + 4]} text={name} isBold />
        </g>
      ))}
      <Mark at={[48, 142]} number={1} />
      <Mark at={[112, 70]} number={2} />
      <Mark at={[106, 162]} number={3} />
      <Mark at={[111, 238]} number={4} />
      <Mark at={[248, 62]} number={5} />
      <Mark at={[248, 103]} number={6} />
      <Mark at={[298, 140]} number={7} />
      <Mark at={[320, 176]} number={8} />
      <Mark at={[218, 184]} number={9} />
      <Mark at={[250, 160]} number={10} />
    </Figure>
  );
}
