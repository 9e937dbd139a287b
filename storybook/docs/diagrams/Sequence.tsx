import { Arrow } from './Arrow.tsx';
import { Figure } from './Figure.tsx';
import { Label } from './Label.tsx';
import { Mark } from './Mark.tsx';

/** One row of a sequence: a message from one lane to another, by their indices. */
export interface Message {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  /** Drawn at the start of the arrow. */
  readonly number?: number;
  /** For an answer or a message between tabs. */
  readonly isDashed?: boolean;
}

/** A part of a lane, from one row to another. */
export interface Stretch {
  readonly lane: number;
  readonly rows: readonly [first: number, last: number];
  /** Drawn dashed while waiting, filled while working. */
  readonly isWaiting?: boolean;
}

export interface SequenceProps {
  readonly label: string;
  readonly lanes: readonly string[];
  readonly messages: readonly Message[];
  readonly stretches?: readonly Stretch[];
}

const WIDTH = 366;
const MARGIN = 34;
const HEAD = 34;
const ROW = 38;

const rowY = (row: number) => HEAD + 34 + row * ROW;

/** A sequence diagram: messages between lanes, from top to bottom. */
export function Sequence({ label, lanes, messages, stretches = [] }: SequenceProps) {
  const height = rowY(messages.length);
  const laneX = (lane: number) => MARGIN + (lane * (WIDTH - 2 * MARGIN)) / (lanes.length - 1);
  return (
    <Figure width={WIDTH} height={height} label={label}>
      {lanes.map((name, lane) => (
        <g key={name}>
          <Label at={[laneX(lane), 20]} text={name} isBold />
          <path d={`M${laneX(lane)} ${HEAD} V${height - 8}`} strokeOpacity="0.3" strokeDasharray="2 4" />
        </g>
      ))}
      {stretches.map(({ lane, rows: [first, last], isWaiting = false }) => (
        <rect
          key={`${lane} ${first}`}
          x={laneX(lane) - 4}
          y={rowY(first) - 12}
          width="8"
          height={rowY(last) - rowY(first) + 24}
          rx="4"
          fill="currentColor"
          fillOpacity={isWaiting ? 0.05 : 0.4}
          strokeDasharray={isWaiting ? '3 3' : undefined}
          strokeOpacity="0.6"
        />
      ))}
      {messages.map(({ from, to, text, number, isDashed = false }, row) => {
        const y = rowY(row);
        const side = Math.sign(to - from);
        return (
          <g key={row}>
            <Arrow from={[laneX(from) + side * 6, y]} to={[laneX(to) - side * 6, y]} isDashed={isDashed} />
            <Label at={[(laneX(from) + laneX(to)) / 2, y - 7]} text={text} isOnLines />
            {number !== undefined && <Mark at={[laneX(from) - side * 16, y]} number={number} />}
          </g>
        );
      })}
    </Figure>
  );
}
