import { useEffect, useState } from 'react';
import type { AuthClient } from '../../core/auth-client.ts';
import { createRecorder, type Recorder } from '../recorder.ts';

/** Records a client from the first mount on, even while the panel is closed. */
export function useRecorder(client: AuthClient): Recorder {
  const [recorder] = useState(() => createRecorder(client));
  useEffect(() => recorder.start(), [recorder]);
  return recorder;
}
