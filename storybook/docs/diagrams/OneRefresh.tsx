import { Sequence } from './Sequence.tsx';

/** The sequence of one refresh over three tabs. */
export function OneRefresh() {
  return (
    <Sequence
      label="Sequence of one refresh over three tabs. The first tab holds the lock and sends the refresh token; the other two tabs wait and adopt the tokens that it stores. The numbers are explained below."
      lanes={['tab A', 'tab B', 'tab C', 'storage', 'API']}
      stretches={[
        { lane: 0, rows: [0, 5] },
        { lane: 1, rows: [0, 5], isWaiting: true },
        { lane: 2, rows: [0, 5], isWaiting: true },
      ]}
      messages={[
        { from: 0, to: 3, text: 'read', number: 1 },
        { from: 0, to: 3, text: 'write the attempt', number: 2 },
        { from: 0, to: 4, text: 'refresh token', number: 3 },
        { from: 4, to: 0, text: 'new tokens', isDashed: true },
        { from: 0, to: 3, text: 'store if unchanged', number: 4 },
        { from: 0, to: 2, text: 'changed', number: 5, isDashed: true },
        { from: 3, to: 2, text: '', isDashed: true },
        { from: 3, to: 1, text: 'adopt', number: 6, isDashed: true },
      ]}
    />
  );
}
