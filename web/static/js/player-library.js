// The library that plays a lane where the browser does not do so by itself; fetched when it is first needed.

/** hls.js, or `null` where it cannot be fetched. */
export function fetchHls(src) {
  if (globalThis.Hls) return globalThis.Hls;
  return new Promise((resolve) => {
    const script = document.createElement("script");
    Object.assign(script, { src, onload: () => resolve(globalThis.Hls), onerror: () => resolve(null) });
    document.head.append(script);
  });
}
