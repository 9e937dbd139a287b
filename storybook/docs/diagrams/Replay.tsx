import { Sequence } from './Sequence.tsx';

/** The sequence of a call that is rejected and replayed. */
export function Replay() {
  return (
    <Sequence
      label="Sequence of a call that is rejected and replayed. The client sends the call with token 1, gets a rejection, refreshes once, sends the call again with token 2 and returns that answer. The numbers are explained below."
      lanes={['your code', 'client', 'API']}
      stretches={[
        { lane: 0, rows: [0, 6], isWaiting: true },
        { lane: 1, rows: [0, 6] },
      ]}
      messages={[
        { from: 0, to: 1, text: 'fetch', number: 1 },
        { from: 1, to: 2, text: 'call, token 1' },
        { from: 2, to: 1, text: '450', number: 2, isDashed: true },
        { from: 1, to: 2, text: 'refresh token' },
        { from: 2, to: 1, text: 'token 2', number: 3, isDashed: true },
        { from: 1, to: 2, text: 'same call, token 2' },
        { from: 2, to: 1, text: '200', number: 4, isDashed: true },
        { from: 1, to: 0, text: 'Response', isDashed: true },
      ]}
    />
  );
}
