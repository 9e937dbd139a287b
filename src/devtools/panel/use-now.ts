import { useEffect, useState } from 'react';
import type { Platform } from '../../core/platform/platform.ts';

/** Returns the device's clock, epoch ms, and renders again every `everyMs` unless `paused`. */
export function useNow(platform: Platform, everyMs: number, paused = false): number {
  const [now, setNow] = useState(() => platform.now().wall);
  useEffect(() => {
    if (paused) return;
    const tick = () => {
      setNow(platform.now().wall);
      release = platform.setTimer(tick, everyMs);
    };
    let release = platform.setTimer(tick, everyMs);
    return () => release();
  }, [platform, everyMs, paused]);
  return now;
}
