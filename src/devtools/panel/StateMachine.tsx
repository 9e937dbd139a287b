import { STATE_WORDS, type DrawnState } from '../model/state-words.ts';

const NODES: readonly { readonly state: DrawnState; readonly x: number; readonly y: number }[] = [
  { state: 'loading', x: 50, y: 34 },
  { state: 'signedOut', x: 50, y: 108 },
  { state: 'idle', x: 190, y: 58 },
  { state: 'running', x: 322, y: 58 },
  { state: 'waiting', x: 322, y: 112 },
  { state: 'blocked', x: 190, y: 112 },
];

const ARROWS = [
  'M50 49 V91', // loading -> signed out
  'M94 34 C118 34 118 58 140 58', // loading -> fresh
  'M94 102 C118 102 118 66 140 64', // signed out -> fresh
  'M128 118 H100', // signed in -> signed out
  'M240 53 H270', // fresh -> refreshing
  'M272 63 H242', // refreshing -> fresh
  'M314 73 V95', // refreshing -> waiting
  'M330 97 V75', // waiting -> refreshing
  'M286 72 L236 98', // refreshing -> blocked
];

/** The states of a session, with the current one highlighted. A session is restored while the client is loading. */
export function StateMachine({ state }: { readonly state: DrawnState }) {
  const lit = state === 'restoring' ? 'loading' : state;
  return (
    <svg className="machine" viewBox="0 0 384 140" role="img" aria-label={`State of the session: ${STATE_WORDS[state]}`}>
      <defs>
        <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
          <path d="M0 0 L8 4 L0 8 Z" />
        </marker>
      </defs>
      <rect className="machine-group" x="128" y="14" width="250" height="122" rx="12" />
      <text className="machine-title" x="140" y="31">signed in</text>
      {ARROWS.map((path) => (
        <path key={path} className="machine-arrow" d={path} markerEnd="url(#arrow)" />
      ))}
      {NODES.map((node) => (
        <g key={node.state} className="machine-node" data-state={node.state} data-lit={node.state === lit}>
          <rect x={node.x - 48} y={node.y - 14} width="96" height="28" rx="14" />
          <text x={node.x} y={node.y + 4} textAnchor="middle">
            {STATE_WORDS[node.state === lit ? state : node.state]}
          </text>
        </g>
      ))}
    </svg>
  );
}
