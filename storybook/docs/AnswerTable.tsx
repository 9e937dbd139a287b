import { CLASSES, type AnswerRow, type CookieAnswerRow } from './answers.ts';
import { Table } from './Table.tsx';

/** Answers to a refresh: how the client treats them, what happens, and what the app sees. */
export function AnswerTable({ of, caption }: { readonly of: readonly AnswerRow[]; readonly caption: string }) {
  return (
    <Table
      caption={caption}
      head={['answer', 'class', 'what happens', 'what the app sees']}
      rows={of.map((row, index) => [<Answer key={index} of={row} />, `**${row.class}**`, CLASSES[row.class].happens, seenOf(row)])}
    />
  );
}

/** Answers to a refresh whose token is in a cookie: their class while a user is signed in, and while a page asks for a session. */
export function CookieAnswerTable({ of, caption }: { readonly of: readonly CookieAnswerRow[]; readonly caption: string }) {
  return (
    <Table
      caption={caption}
      head={['answer', 'while signed in', 'while the page asks for a session']}
      rows={of.map((row, index) => [<Answer key={index} of={row} />, `**${row.live}**`, row.restoring === 'final' ? '`signedOut`, no `endReason`' : `**${row.restoring}**, \`${row.restoring === 'misconfigured' ? 'signedOut' : 'loading'}\``])}
    />
  );
}

function Answer({ of: { from, status, body, isFinal, source } }: { readonly of: Pick<AnswerRow, 'from' | 'status' | 'body' | 'isFinal' | 'source'> }) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return (
    <>
      {source === undefined ? plain(from) : <a href={source}>{plain(from)}</a>}: {status} {text !== '' && <code>{text}</code>}
      {isFinal !== undefined && <> with <code>isFinal</code> for <code>{isFinal}</code></>}
    </>
  );
}

const plain = (text: string) => text.replaceAll('`', '');

function seenOf({ class: kind, endReason }: AnswerRow): string {
  return endReason === undefined ? CLASSES[kind].appSees : `\`signedOut\`, \`${endReason}\``;
}
