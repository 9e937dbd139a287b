import axios, { isAxiosError, type AxiosProgressEvent, type AxiosResponse } from 'axios';
import type { AuthClient } from 'unexpired/core';

interface Upload {
  readonly onUploadProgress?: (progress: AxiosProgressEvent) => void;
  readonly signal?: AbortSignal;
}

/** Uploads by `XMLHttpRequest`, which reports progress over HTTP/1.1, too. */
export async function upload(auth: AuthClient, url: string, body: FormData | Blob, options: Upload = {}): Promise<AxiosResponse> {
  const send = (token: string) => axios.post(url, body, { ...options, headers: { authorization: `Bearer ${token}` } });
  const { signal } = options;
  const token = await auth.getAccessToken({ signal });
  try {
    return await send(token);
  } catch (error) {
    if (!isAxiosError(error) || error.response?.data?.error?.code !== 450) throw error;
    return send(await auth.getAccessToken({ rejected: token, signal }));
  }
}
