// Lock screen and media keys (Media Session API). Browsers show a page there only while it plays sound: a
// silent file does, in step with the unit.

const ACTIONS = ["play", "pause", "stop", "nexttrack", "previoustrack", "seekto", "seekbackward", "seekforward"];
let audio = null;
let wanted = false;
/** What was to be shown last: whoever turns it on sees it at once. */
let last = null;

export function turn(on, hear) {
  const session = navigator.mediaSession;
  if (!session) return;
  wanted = on;
  for (const action of ACTIONS) {
    try {
      session.setActionHandler(action, on ? ({ seekTime }) => hear(action, seekTime ?? 0) : null);
    } catch {
      // An action this browser does not know.
    }
  }
  if (on) {
    audio ??= Object.assign(new Audio("/silence.flac"), { loop: true });
    if (last) show(...last);
  } else {
    audio?.pause();
    session.metadata = null;
    session.playbackState = "none";
  }
}

export function show(...what) {
  last = what;
  const [title, artist, album, art, playing, position, duration] = what;
  const session = navigator.mediaSession;
  if (!session || !wanted) return;
  session.metadata = new MediaMetadata({ title, artist, album, artwork: art ? [{ src: art }] : [] });
  session.playbackState = playing ? "playing" : "paused";
  if (duration > 0) session.setPositionState?.({ duration, position: Math.min(position, duration), playbackRate: 1 });
  if (playing) start();
  else audio?.pause();
}

// Sound needs a touch or a key before it may begin.
function start() {
  audio?.play().catch(() => {
    const again = () => {
      removeEventListener("pointerup", again);
      removeEventListener("keyup", again);
      if (wanted && navigator.mediaSession.playbackState === "playing") audio.play().catch(() => {});
    };
    addEventListener("pointerup", again);
    addEventListener("keyup", again);
  });
}
