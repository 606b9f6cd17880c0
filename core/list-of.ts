/** Numbers in words: `expert 3`, `experts 3, 5`. */
export function listOf(noun: string, numbers: readonly number[]): string {
  return `${noun}${numbers.length === 1 ? '' : 's'} ${numbers.join(', ')}`
}
