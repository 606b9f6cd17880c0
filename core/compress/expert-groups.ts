/** Which experts of a layer are alike. Groups are lists of experts, the one that most tokens chose first. */

/**
 * The experts that most tokens chose, each with those of the others whose router logits are most like its own by their
 * cosine (Li et al. 2023, "Merge, then compress", arXiv 2310.01334, section 3).
 * @param tokens that chose each expert
 * @param gram inner products of the logits of experts over all tokens, `[experts, experts]`
 */
export function groupsByLogits(tokens: ArrayLike<number>, gram: Float64Array, keep: number): number[][] {
  const experts = tokens.length
  const at = (a: number, b: number) => gram[a * experts + b] ?? Number.NaN
  const cosine = (a: number, b: number) => at(a, b) / Math.sqrt(at(a, a) * at(b, b))
  const order = byTokens([...Array(experts).keys()], tokens)
  const groups = order.slice(0, keep).map((each) => [each])
  for (const expert of order.slice(keep)) {
    const likeness = groups.map(([first = 0]) => cosine(first, expert))
    groups[likeness.indexOf(Math.max(...likeness))]?.push(expert)
  }
  return groups
}

/**
 * Clusters of experts whose mean outputs are near each other: the two nearest join again and again, where clusters are as
 * far apart as their members in the mean (Chen et al. 2024, "HC-SMoE", arXiv 2410.08589, section 3).
 * @param outputs of each expert, the mean over all tokens, `[experts, width]`
 */
export function groupsByOutputs(tokens: ArrayLike<number>, outputs: Float64Array, keep: number): number[][] {
  const width = outputs.length / tokens.length
  const distance = (a: number, b: number) =>
    Math.sqrt(
      outputs
        .subarray(a * width, (a + 1) * width)
        .reduce((sum, each, i) => sum + (each - (outputs[b * width + i] ?? Number.NaN)) ** 2, 0)
    )
  const between = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, one) => sum + b.reduce((inner, other) => inner + distance(one, other), 0), 0) / (a.length * b.length)
  let groups = [...Array(tokens.length).keys()].map((each) => [each])
  while (groups.length > keep) {
    const pairs = groups.flatMap((a, i) => groups.slice(i + 1).map((b) => ({ a, b, apart: between(a, b) })))
    const [first, ...others] = pairs
    if (!first) break
    const { a, b } = others.reduce((best, each) => (each.apart < best.apart ? each : best), first)
    groups = [...groups.filter((each) => each !== a && each !== b), [...a, ...b]]
  }
  return groups.map((group) => byTokens(group, tokens))
}

function byTokens(experts: readonly number[], tokens: ArrayLike<number>): number[] {
  return experts.toSorted((a, b) => (tokens[b] ?? 0) - (tokens[a] ?? 0) || a - b)
}
