/* Tells this browser from others that open the same link: random, and known to this site alone. */

const KEY = "streamsrv.device";
const FORM = /^[0-9a-f]{32}$/;

/** 128 random bits as hex, the same on every visit; undefined where nothing can be kept. */
export function deviceId() {
  try {
    const known = localStorage.getItem(KEY);
    if (known !== null && FORM.test(known)) return known;
    const made = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    localStorage.setItem(KEY, made);
    return made;
  } catch {
    return undefined; // Storage is barred (private windows, policies).
  }
}
