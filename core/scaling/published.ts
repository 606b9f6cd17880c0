/** A size predicted without a measurement of the model. */
export interface PublishedPrediction {
  readonly name: string
  readonly formula: string
  readonly source: string
  readonly standing: 'folklore'
  /** Predicted effective parameters. */
  readonly predicted: number
}

/** The geometric mean of total and active parameters (convention `all`): a rule of thumb that rests on no fit. */
export function geometricMeanRule(total: number, active: number): PublishedPrediction {
  return {
    name: 'geometric mean rule',
    formula: 'sqrt(total * active)',
    source: 'rule of thumb among practitioners, without a published fit',
    standing: 'folklore',
    predicted: Math.sqrt(total * active)
  }
}
