/** The axis of losses on generated text, for charts in which a hundredth can be told. */
export const lossAxis = {
  label: 'loss, nats per character',
  scale: 'linear',
  format: (value: number) => value.toFixed(2)
} as const
