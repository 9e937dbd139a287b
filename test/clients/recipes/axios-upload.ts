import axios, { isAxiosError, type AxiosProgressEvent, type AxiosResponse } from 'axios';
import { createTokenReplacer, type AuthClient } from 'unexpired/core';

interface Options {
  readonly onUploadProgress?: (progress: AxiosProgressEvent) => void;
  readonly signal?: AbortSignal;
}

/** Creates the function that uploads by `XMLHttpRequest`, which reports progress over HTTP/1.1, too. Call it once for each client. */
export function createUpload(auth: AuthClient) {
  const replaceToken = createTokenReplacer(auth);
  return async (url: string, body: FormData | Blob, options: Options = {}): Promise<AxiosResponse> => {
    const send = (token: string) => axios.post(url, body, { ...options, headers: { authorization: `Bearer ${token}` } });
    const { signal } = options;
    const token = await auth.getAccessToken({ signal });
    try {
      return await send(token);
    } catch (error) {
      if (!isAxiosError(error) || error.response?.data?.error?.code !== 450) throw error;
      return send(await replaceToken(token, { signal }));
    }
  };
}
