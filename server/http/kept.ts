/** What was used last, up to a weight: what has not been used for longest goes first. */
export class Kept<T> {
  private readonly items = new Map<string, { value: T; weight: number }>()
  private readonly most: number
  private readonly dropped: ((value: T) => void) | undefined
  private sum = 0

  /** @param dropped told of what goes */
  constructor(most: number, dropped?: (value: T) => void) {
    this.most = most
    this.dropped = dropped
  }

  get(key: string): T | undefined {
    const item = this.items.get(key)
    if (!item) return undefined
    this.items.delete(key)
    this.items.set(key, item)
    return item.value
  }

  /** @param weight in what `most` is counted in */
  set(key: string, value: T, weight = 1): void {
    const before = this.items.get(key)
    if (before?.value === value) {
      this.items.delete(key)
      this.sum -= before.weight
    } else this.delete(key)
    this.items.set(key, { value, weight })
    this.sum += weight
    for (const oldest of this.items.keys()) {
      if (this.sum <= this.most) break
      this.delete(oldest)
    }
  }

  delete(key: string): void {
    const item = this.items.get(key)
    if (!item) return
    this.items.delete(key)
    this.sum -= item.weight
    this.dropped?.(item.value)
  }
}
