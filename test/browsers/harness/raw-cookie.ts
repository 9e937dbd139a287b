/** Sends a refresh past the client, and returns the status of its answer. */
export async function statusOfCookie(api: string): Promise<number> {
  const headers = { authorization: 'Bearer app-key', 'x-csrf': '1' };
  const body = new URLSearchParams({ grant_type: 'refresh_token' });
  return (await fetch(`${api}/oauth`, { method: 'POST', credentials: 'include', headers, body })).status;
}
