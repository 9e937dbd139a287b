import { auth } from './auth.ts';

/** What a place tells of a path: the status of its call, or the code of the error. */
export type Outcome = number | string;

/** Calls a path of the API. The path `signed in` calls nothing: it is answered when this place knows of the session. */
export async function outcomeOf(path: string): Promise<Outcome> {
  if (path === 'signed in') return signedIn();
  return auth.fetch(path).then(({ status }) => status, (error: { code: string }) => error.code);
}

function signedIn(): Promise<Outcome> {
  return new Promise((resolve) => {
    const look = () => {
      if (auth.getSnapshot().status !== 'signedIn') return;
      stop();
      resolve('signed in');
    };
    const stop = auth.subscribe(look);
    look();
  });
}
