// What is loaded when somebody wants it, not before.

const media = () => import("./media_session.js");

export const mediaSession = (on, hear) => media().then((part) => part.turn(on, hear));
export const mediaShow = (...what) => media().then((part) => part.show(...what));
