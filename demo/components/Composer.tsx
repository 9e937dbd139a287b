import { useState, type FormEvent } from 'react';
import { usePublish } from '../use-bonfire.ts';
import { problemWords } from '../words.ts';

const LONGEST_TEXT = 280;

/** Writes a post; its body survives a refused token. */
export function Composer() {
  const [text, setText] = useState('');
  const publish = usePublish();

  function submit(event: FormEvent) {
    event.preventDefault();
    const wanted = text.trim();
    if (wanted === '' || publish.isPending) return;
    publish.mutate(wanted, { onSuccess: () => setText('') });
  }

  return (
    <form className="card composer" onSubmit={submit}>
      <label htmlFor="text">Say something at the fire</label>
      <textarea id="text" rows={2} maxLength={LONGEST_TEXT} value={text} onChange={(event) => setText(event.target.value)} />
      <div className="row row--end">
        <p className="composer__state" role="status">
          {publish.isError ? <span className="problem">{problemWords(publish.error)}</span> : publish.isSuccess && text === '' ? 'Posted.' : ''}
        </p>
        <button type="submit" className="button button--main" disabled={text.trim() === '' || publish.isPending}>
          {publish.isPending ? 'Posting…' : 'Post'}
        </button>
      </div>
    </form>
  );
}
