import { median, range, type Row } from './table.ts';

/** The result of one app in one round of a fault. */
export interface FaultRound {
  /** Refresh requests. */
  readonly refreshes: number;
  /** How long calls kept failing, s, or `null` if they never worked again. */
  readonly againS: number | null;
  /** Whether the server still keeps the session. */
  readonly alive: boolean;
}

/** The cells of a table for the rounds of one app. */
export function faultCells(rounds: readonly FaultRound[]): Row['cells'] {
  const againS = rounds.map((round) => round.againS ?? Infinity);
  const typical = median(againS);
  return {
    refreshes: range(rounds.map(({ refreshes }) => refreshes)),
    againS: Number.isFinite(typical) ? typical : 'never',
    spread: lowHigh(againS),
    lived: lived(rounds),
  };
}

function lowHigh(againS: readonly number[]): string {
  const text = (value: number) => (Number.isFinite(value) ? value.toFixed(1) : 'never');
  const [low, high] = [text(Math.min(...againS)), text(Math.max(...againS))];
  return low === high ? low : `${low}–${high}`;
}

/** Counts sessions that lived. An app is stuck if its session lives but its calls never work again. */
function lived(rounds: readonly FaultRound[]): string {
  const alive = rounds.filter((round) => round.alive);
  const stuck = alive.filter(({ againS }) => againS === null).length;
  return `${alive.length} of ${rounds.length}${stuck === 0 ? '' : `, ${stuck} stuck`}`;
}
