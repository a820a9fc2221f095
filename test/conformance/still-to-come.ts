// Promises that the provider does not keep yet: STILL_TO_COME=1 runs their tests.
export function stillToCome(tests: () => void): void {
  if (process.env['STILL_TO_COME']) describe('still to come', tests)
}
