import { sum } from './load'

/**
 * Fairness of Jain, Chiu and Hawe 1984: (sum n)^2 / (E sum n^2), from 1/E (one expert gets all) to 1 (even; random
 * routing of many tokens); E times it is the number of experts that an even load of the same fairness would use. NaN
 * where nothing was counted.
 */
export function jainIndex(counts: ArrayLike<number>): number {
  let squares = 0
  for (let i = 0; i < counts.length; i++) squares += (counts[i] ?? 0) ** 2
  return sum(counts) ** 2 / (counts.length * squares)
}
