'use server';

import { revalidatePath } from 'next/cache';
import { redirect } from 'next/navigation';
import { authedFetch, currentSession } from '../sessions';

/** @param rendered the session that the form was rendered for */
export async function publish(rendered: string, form: FormData) {
  const { session } = (await currentSession()).snapshot();
  if (session !== rendered) redirect('/'); // Another user has signed in since.
  const body = JSON.stringify({ text: form.get('text') });
  const answer = await authedFetch('/users/me/posts', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  revalidatePath('/');
}
