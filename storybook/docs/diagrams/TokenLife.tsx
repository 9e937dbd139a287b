import { Arrow } from './Arrow.tsx';
import { Figure } from './Figure.tsx';
import { Label } from './Label.tsx';
import { Mark } from './Mark.tsx';

const LIFE = 240;
const LEAD = LIFE / 4;

interface BarProps {
  readonly x: number;
  readonly y: number;
  readonly name: string;
}

/** A token's life. The lead at its end is hatched. */
function Bar({ x, y, name }: BarProps) {
  const lead = x + LIFE - LEAD;
  return (
    <g>
      <rect x={x} y={y} width={LIFE} height="28" rx="6" fill="currentColor" fillOpacity="0.08" />
      <path d={`M${lead} ${y} V${y + 28}`} />
      {[12, 24, 36, 48].map((step) => (
        <path key={step} d={`M${lead + step - 8} ${y + 28} L${lead + step + 6} ${y}`} strokeOpacity="0.35" />
      ))}
      <Label at={[x + (LIFE - LEAD) / 2, y + 18]} text={name} isBold />
    </g>
  );
}

/** The life of a token: it is refreshed in the lead, and the next token replaces it before it expires. */
export function TokenLife() {
  return (
    <Figure width={366} height={176} label="Time line of two tokens. The first token is refreshed in its lead, the last quarter of its life. The second token replaces it before it expires. The numbers are explained below.">
      <Bar x={12} y={44} name="first token" />
      <Label at={[222, 36]} text="lead" />
      <path d="M206 96 V120" strokeOpacity="0.5" strokeDasharray="3 3" />
      <path d="M206 44 V72" strokeWidth="3" stroke="#c2571f" />
      <clipPath id="second-token"><rect x="200" y="110" width="162" height="40" /></clipPath>
      <g clipPath="url(#second-token)"><Bar x={206} y={114} name="" /></g>
      <Label at={[284, 132]} text="second token" isBold />
      <Arrow from={[206, 74]} to={[206, 112]} />
      <path d="M252 72 V104" strokeOpacity="0.5" strokeDasharray="3 3" />
      <Arrow from={[12, 164]} to={[358, 164]} />
      <Label at={[40, 157]} text="time" />
      <Mark at={[12, 36]} number={1} />
      <Mark at={[192, 36]} number={2} />
      <Mark at={[194, 94]} number={3} />
      <Mark at={[252, 36]} number={4} />
    </Figure>
  );
}
