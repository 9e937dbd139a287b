import { auth } from './auth';

/** Runs the guards again whenever a session begins or ends, in this tab or in another one. */
export async function followSession(router: { invalidate: () => Promise<void> }): Promise<void> {
  let { sessionId } = await auth.ready();
  auth.subscribe(() => {
    const snapshot = auth.getSnapshot();
    if (snapshot.sessionId === sessionId) return; // A refresh, for example.
    sessionId = snapshot.sessionId;
    void router.invalidate();
  });
}
