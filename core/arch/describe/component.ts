/** Purposes of weights; the sums by component make up the total. */
export type Component =
  | 'embedding'
  | 'positionEmbedding'
  | 'output'
  | 'attention'
  | 'indexer'
  | 'linearAttention'
  | 'dense'
  | 'router'
  | 'experts'
  | 'shared'
  | 'norms'
  | 'other'
