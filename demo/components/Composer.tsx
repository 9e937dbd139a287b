import { useRef, useState, type FormEvent } from 'react';
import { usePublish } from '../use-bonfire.ts';
import { problemWords } from '../words.ts';
import { Button } from './Button.tsx';

const LONGEST_TEXT = 280;

/** Writes a post. If the API rejects the token, the client sends the same body again. */
export function Composer() {
  const [text, setText] = useState('');
  const [submittedEmpty, setSubmittedEmpty] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const publish = usePublish();
  const wanted = text.trim();

  function submit(event: FormEvent) {
    event.preventDefault();
    if (publish.isPending) return;
    setSubmittedEmpty(wanted === '');
    if (wanted === '') field.current?.focus();
    else publish.mutate(wanted, { onSuccess: () => setText('') });
  }

  function stateWords() {
    if (submittedEmpty && wanted === '') return 'Write something first.';
    if (publish.isPending) return publish.isPaused ? 'Offline. Waiting for the network.' : 'Posting…';
    if (publish.isError) return <span className="problem">{problemWords(publish.error)}</span>;
    return publish.isSuccess && text === '' ? 'Posted.' : '';
  }

  return (
    <form className="card composer" onSubmit={submit}>
      <label htmlFor="text">New post</label>
      <textarea id="text" ref={field} rows={2} maxLength={LONGEST_TEXT} value={text} onChange={(event) => setText(event.target.value)} />
      <div className="row row--end">
        <p className="composer__state" role="status">
          {stateWords()}
        </p>
        <Button type="submit" className="button--main" busy={publish.isPending}>
          Post
        </Button>
      </div>
    </form>
  );
}
