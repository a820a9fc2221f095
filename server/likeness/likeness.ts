// Likeness: the door. A picture finds the records that keep it, or one that looks like it.
export { findAlike, findByUpload, kinds, type Match } from './find.ts'
export { largest } from './upload.ts'
