// The door: the bricks above and below this one, and what they share.
export { adopt, listReceived } from './from-above.ts'
export { keepUp } from './keeping-up.ts'
export { join, leave, standingOf } from './parent.ts'
export { announce, isOurs, listShared, shareProfile, shareVocabulary, unshare } from './sharing.ts'
