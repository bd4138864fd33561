// The lock screen's part, loaded when somebody wants it, not before.

const media = () => import("./media_session.js");
globalThis.remoteMedia = {
  turn: (on, hear) => media().then((part) => part.turn(on, hear)),
  show: (...what) => media().then((part) => part.show(...what)),
};
